"""Findings in words: a row of the list, and one with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from portal.desks.findings.seen import FindingSeen, FindingWholeSeen
from portal.web.names import Names

COLOURS = {"open": "amber", "answered": "blue", "closed": "grey"}
Users = Mapping[UUID, tuple[str, str | None]]


@dataclass(frozen=True)
class RowView:
    """A finding of the list."""

    url: str
    kind: str
    said: str
    number: str
    enterprise: str
    state: str
    colour: str
    found: str
    ended: str


@dataclass(frozen=True)
class LessonView:
    """A session that shows it."""

    when: str
    what: str
    enterprise: str
    lead: str
    people: int
    url: str


@dataclass(frozen=True)
class CaseView:
    """One with its evidence: sessions, people, and what became of it line by line."""

    row: RowView
    id: str
    lessons: tuple[LessonView, ...]
    workers: tuple[str, ...]
    people: tuple[str, ...]
    story: tuple[tuple[str, str], ...]
    """What was done, and by whom when."""
    words: str
    order_url: str
    batch_url: str
    stands: str


def row_of(one: FindingSeen, names: Names) -> RowView:
    """In words."""
    text = names.text
    return RowView(
        url=f"/findings/{one.finding_id}",
        kind=text(f"finding.kind.{one.kind}"),
        said=one.sentences.get(text.language, ""),
        number=one.number or "",
        enterprise=names.organisation(one.enterprise_id) if one.enterprise_id else "",
        state=text(f"finding.is.{one.state}"),
        colour=COLOURS[one.state],
        found=text.stamp(one.found_at),
        ended=names.reason(one.ended.code, {}) if one.ended else "",
    )


def case_of(one: FindingWholeSeen, names: Names, users: Users) -> CaseView:
    """With its evidence."""
    return CaseView(
        row=row_of(one, names),
        id=str(one.finding_id),
        lessons=tuple(
            LessonView(
                when=names.text.span(each.slot.starts_at, each.slot.ends_at),
                what=names.occupation(each.occupation),
                enterprise=names.organisation(each.enterprise_id),
                lead=names.person(each.lead) if each.lead else "",
                people=each.person_times,
                url=f"/orders/{each.order_id}/story?all=1",
            )
            for each in one.lessons
        ),
        workers=tuple(each.name for each in one.whom),
        people=tuple(names.person(each) for each in one.people),
        story=tuple(_story(one, names, users)),
        words=one.answer_text or "",
        order_url=f"/orders/{one.order_id}/story",
        batch_url=f"/evaluation/batches/{one.batch_id}" if one.batch_id else "",
        stands=one.state,
    )


def _story(one: FindingWholeSeen, names: Names, users: Users) -> Sequence[tuple[str, str]]:
    text = names.text
    told = [(text("finding.was_raised"), text.stamp(one.found_at))]
    if one.answer and one.answered_at:
        said = text(
            "finding.was_answered",
            asked=text(f"finding.asked.{one.asked}"),
            answer=names.reason(one.answer.code, {}),
        )
        told.append((said, text.listed([who_of(one.answered_by, users), text.stamp(one.answered_at)])))
    if one.ended and one.closed_at:
        said = text("finding.was_closed", ended=names.reason(one.ended.code, {}))
        told.append((said, text.listed([who_of(one.closed_by, users), text.stamp(one.closed_at)])))
    return told


def user_of(login: str | None) -> UUID | None:
    """The user behind a login, if it is one's."""
    try:
        return UUID(login or "")
    except ValueError:
        return None


def who_of(login: str | None, users: Users) -> str:
    """The name of a user; of an unknown one what is known."""
    found = user_of(login)
    return users[found][0] if found and found in users else login or ""
