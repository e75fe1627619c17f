"""A batch in words: who is eligible and why not, whose marks wait for a second person, what can be done. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.desks.evaluation.seen import BatchSeen, CandidateSeen, DifferenceSeen
from portal.desks.evaluation.stands import before_posting
from portal.web.names import Names

PRACTICAL = "practical"
SUNDAY = 6
"""As `date.weekday` counts."""
SETTLED = ("objection.sheet_checked", "objection.added_wrongly")
"""For which an objection is answered."""
EXCUSES = ("excused.illness", "excused.accident", "excused.production", "excused.family")
"""For which an absence is no failed attempt."""


@dataclass(frozen=True)
class CandidateRow:
    """A candidate; `why` = why not eligible."""

    id: str
    name: str
    eligible: bool
    why: tuple[str, ...]
    marks: tuple[str, ...]
    """A word for each part of the batch."""
    result: str
    kind: str
    objection: bool
    excusable: bool
    """Was absent, and nobody has said why."""


@dataclass(frozen=True)
class SecondEntry:
    """A part whose marks a second person enters without seeing the first."""

    part: str
    title: str
    candidates: tuple[tuple[str, str], ...]
    stars: tuple[tuple[str, str], ...] = ()
    """Safety items of the practical, by code."""


@dataclass(frozen=True)
class BatchPage:
    """All that the page shows."""

    title: str
    when: str
    state: str
    panel: str
    parts: tuple[str, ...]
    rows: tuple[CandidateRow, ...]
    second: tuple[SecondEntry, ...]
    can_post: bool
    can_issue: bool
    waits_until: str
    passed: tuple[str, ...]
    """Who gets a certificate."""
    unprintable: tuple[str, ...]
    """Of these, whose name the certificate's fonts cannot show."""
    notes: tuple[str, ...]
    """What somebody should know of its day."""
    open: bool
    """It can be held at another time."""
    short: int
    """Assessors that are missing."""
    reasons: tuple[tuple[str, str], ...]
    excuses: tuple[tuple[str, str], ...]
    dues: tuple[tuple[str, str], ...]
    """Days that are due: the colour, and what it is."""


def batch_page(seen: BatchSeen, names: Names, today: date) -> BatchPage:
    """The batch as it stands on this day."""
    text = names.text
    marked = [one.state == "assessed" for one in seen.admitted]
    until = seen.objections_until
    objections = any(one.objection for one in seen.candidates)
    begun = any(one.entered or one.confirmed for one in seen.candidates)
    untouched = seen.state == "marking" and not begun
    gone_by = untouched and seen.slot.day < today
    state = before_posting(seen.slot.day, sum(marked), today) if seen.state == "marking" else seen.state
    short = max(0, seen.wanted - len(set(seen.assessors) - set(seen.barred)))
    return BatchPage(
        title=f"{names.occupation(seen.occupation)} {names.level(seen.level)}",
        when=f"{text.day(seen.slot.day)} {names.band(seen.slot.band)}",
        state=text(f"batch_is.{state}"),
        panel=text("batch.panel", firm=seen.wanted - short, wanted=seen.wanted),
        parts=tuple(text(f"part.{part}") for part in seen.parts),
        rows=tuple(_row(one, seen.parts, names) for one in seen.candidates),
        second=tuple(_second(seen, names)),
        can_post=seen.state == "marking" and bool(marked) and all(marked),
        can_issue=seen.state == "posted" and not objections and until is not None and today > until,
        waits_until=text.day(until) if until else "",
        passed=tuple(one.name for one in seen.passed),
        unprintable=tuple(
            text("batch.unprintable", name=one.name, characters=" ".join(one.characters))
            for one in seen.unprintable
        ),
        notes=tuple(_notes(seen, names, gone_by=gone_by)),
        open=untouched,
        short=short if seen.state == "marking" else 0,
        reasons=tuple((code, names.reason(code, {})) for code in SETTLED),
        excuses=tuple((code, names.reason(code, {})) for code in EXCUSES),
        dues=tuple(_dues(seen, names, today)),
    )


def _notes(seen: BatchSeen, names: Names, *, gone_by: bool) -> Iterator[str]:
    """Its day went by without a mark; it is a Sunday."""
    day = names.text.day(seen.slot.day)
    if gone_by:
        yield names.text("batch.unmarked", day=day)
    elif seen.state == "marking" and on_sunday(seen.slot.day):
        yield names.text("batch.sunday", day=day)


def _dues(seen: BatchSeen, names: Names, today: date) -> Iterator[tuple[str, str]]:
    """What is due until when; red once the day has gone by."""
    text = names.text
    if seen.state == "posted" and seen.objections_until:
        over = today > seen.objections_until
        day = text.day(seen.objections_until)
        yield "green" if over else "blue", text("due.posting_over" if over else "due.posting", day=day)
    for one in seen.candidates:
        if one.objection and one.answer_by:
            late = today > one.answer_by
            said = text("due.answer", name=one.name, day=text.day(one.answer_by))
            yield "red" if late else "amber", text.aside(said, text("due.late")) if late else said
    if seen.state == "completed" and seen.retake_until:
        over = today > seen.retake_until
        day = text.day(seen.retake_until)
        yield "" if over else "blue", text("due.retake_over" if over else "due.retake", day=day)


def on_sunday(day: date) -> bool:
    """Allowed, and said all the same: places and assessors may be closed."""
    return day.weekday() == SUNDAY


def still_to_take(heads: int, batches: Iterable[BatchSeen]) -> int:
    """How many of the line a new batch takes beside these, none of them cancelled: nobody who waits or has passed."""
    return heads - sum(
        len(batch.passed if batch.state == "completed" else batch.admitted) for batch in batches
    )


def _row(one: CandidateSeen, parts: Sequence[str], names: Names) -> CandidateRow:
    text = names.text
    if one.objection:
        result, kind = text("batch.objection"), "red"
    elif one.passed is not None:
        result, kind = text("batch.passed" if one.passed else "batch.failed"), "green" if one.passed else ""
    else:
        result, kind = (
            (text("batch.eligible"), "blue")
            if one.state != "refused"
            else (text("batch.not_eligible"), "amber")
        )
    return CandidateRow(
        id=str(one.evaluation_id),
        name=one.name,
        eligible=one.state != "refused",
        why=(
            *(names.in_full(reason.code, reason.figures) for reason in one.reasons),
            *(text("batch.starred", item=starred(item, names)) for item in one.failed),
            *_apart(one, names),
            *((text("batch.excused"),) if one.excused else ()),
        ),
        marks=tuple(_mark(one, part, names) for part in parts),
        result=result,
        kind=kind,
        objection=one.objection,
        excusable=not one.excused and any(each.mark is None for each in one.parts),
    )


def starred(code: str, names: Names) -> str:
    """A safety item by its words."""
    item = names.programmes.starred.get(code)
    return code if item is None else (item.zh if names.text.language == "zh" else item.en)


def _apart(one: CandidateSeen, names: Names) -> Iterator[str]:
    """Two people are far apart, or have seen other safety items failed: somebody looks why."""
    text = names.text
    for each in one.differences:
        part = text(f"part.{each.part}")
        if each.wide and each.first is not None and each.second is not None:
            yield text("batch.wide", part=part, points=abs(each.first - each.second))
        elif each.wide:
            yield text("batch.one_absent", part=part)
        if each.first_failed != each.second_failed:
            said = [
                text.listed(starred(item, names) for item in items) or text("batch.no_item")
                for items in (each.first_failed, each.second_failed)
            ]
            yield text("batch.items_differ", first=said[0], second=said[1])


def _mark(one: CandidateSeen, part: str, names: Names) -> str:
    text = names.text
    if found := next((each for each in one.parts if each.part == part), None):
        return _number(found.mark, names)
    if before := next((each for each in one.carried if each.part == part), None):
        return text("batch.carried", mark=_number(before.mark, names))
    if both := next((each for each in one.differences if each.part == part), None):
        return _both(both, names)
    if part in one.differ:
        return text("batch.differs")
    if part in one.confirmed:
        return text("batch.confirmed")
    return text("batch.second_waits") if part in one.entered else "—"


def _both(found: DifferenceSeen, names: Names) -> str:
    return names.text("batch.both", first=_number(found.first, names), second=_number(found.second, names))


def _number(mark: object, names: Names) -> str:
    return names.text("part.absent") if mark is None else f"{mark}"


def _second(seen: BatchSeen, names: Names) -> list[SecondEntry]:
    if seen.state != "marking":
        return []
    found = []
    for part in seen.parts:
        waiting = tuple(
            (str(one.evaluation_id), one.name)
            for one in seen.candidates
            if part in one.entered and part not in one.confirmed and part not in one.differ
        )
        if waiting:
            items = seen.starred if part == PRACTICAL else []
            told = tuple((each.code, starred(each.code, names)) for each in items)
            found.append(SecondEntry(part, names.text(f"part.{part}"), waiting, told))
    return found
