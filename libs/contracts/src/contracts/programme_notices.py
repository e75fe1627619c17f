"""Who is told what, and how (`rules/notices.yaml`): sets by date, each replaces the one before it whole."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contracts.base import Fact, all_facts
from contracts.programme_files import Folder
from contracts.programme_tables import Entry, Source, Whole, Words

FILE = "rules/notices.yaml"
Kind = Literal[
    "order_waits", "order_returned", "order_rejected", "scheme_to_approve", "scheme_to_confirm", "scheme_reminded",
    "scheme_escalated", "joint_asked", "offer_waits", "offer_lapses", "name_waits", "name_lapses", "you_go",
    "you_are_free", "somebody_else_goes", "session_moved", "session_cancelled", "held_to_confirm",
    "marks_wanted", "certificates", "survey", "survey_reminded", "followup_due", "followup_reminded",
]  # fmt: skip
"""What a notice can say: a screen has its sentence in both languages."""
To = Literal["college", "person", "instead_of", "enterprise", "union", "signer"]
"""Whom a fact is told to: the college or person that it names, who was to go before, the order's enterprise or union
(any union's people while nobody has accepted it), the side that is asked to sign.
"""
FIELDS: Mapping[To, str] = {
    "college": "college_id", "person": "person_id", "instead_of": "instead_of", "signer": "to",
}  # fmt: skip
"""Where a fact names them; the others are those of its order."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
SLOT = "slot"


class From(Entry):
    """From when it is to be told: so many hours from a time of the fact; the end of what it is about, if `slot`."""

    field: Name
    hours: Annotated[int, Field(ge=-720, le=720)]


class Notice(Entry):
    """One kind of notice: by which facts it is made, about what, for whom, and by which it is over."""

    kind: Kind
    to: To
    because: tuple[str, ...] = Field(min_length=1)
    about: Name
    """The field with the id that it is about: a newer notice about the same replaces it."""
    only: Mapping[Name, tuple[bool | str, ...]] = Field(default_factory=dict)
    """Values that a field of the fact must have."""
    starts: From | None = None
    """None = at once."""
    until: tuple[str, ...] = ()
    mail_after_minutes: Whole | None = None
    """So long it waits whether it was read or is over; none = on the page only."""


class Quiet(Entry):
    """Local hours in which no mail leaves; whoever wants others says so."""

    starts: time
    ends: time


class AddressRules(Entry):
    """An address is written to only when whoever reads there has opened a link."""

    good_hours: Annotated[int, Field(ge=1)]
    """So long a link opens."""
    most_an_hour: Annotated[int, Field(ge=1)]
    """Links that one account has sent in an hour."""


class Notices(Entry):
    """What holds from a day on."""

    since: date
    source: Source
    note: Words | None = None
    quiet: Quiet
    address: AddressRules
    together_minutes: Whole
    """Mails of one person that are due so soon after each other leave as one."""
    oldest_hours: Annotated[int, Field(ge=1)]
    """Of an older fact nobody is told: a restored installation reads all of them again."""
    kept_days: Annotated[int, Field(ge=1)]
    notices: tuple[Notice, ...] = Field(min_length=1)


class NoticeSets(Entry):
    """The whole file."""

    sets: tuple[Notices, ...] = Field(min_length=1)

    def on(self, day: date) -> Notices | None:
        """What holds on this day; nothing before the first set begins."""
        begun = [each for each in self.sets if each.since <= day]
        return max(begun, key=lambda each: each.since) if begun else None


def read_notices(folder: Folder) -> NoticeSets:
    """The file, with a complaint at the line of every fact or field that does not exist."""
    found, lines = folder.tree(FILE, NoticeSets)
    facts = {fact.type: fact for fact in all_facts()}
    days: set[date] = set()
    for n, each in enumerate(found.sets):
        if each.since in days:
            folder.complain(FILE, lines["sets", str(n), "since"], "since", f"two sets begin on {each.since}")
        days.add(each.since)
        kinds: set[str] = set()
        for k, notice in enumerate(each.notices):
            place = ("sets", str(n), "notices", str(k))
            if notice.kind in kinds:
                folder.complain(FILE, lines[place], "kind", f"{notice.kind} is told twice in a set")
            kinds.add(notice.kind)
            for field, what in _wrong(notice, facts):
                folder.complain(FILE, lines.get((*place, field), lines[place]), field, what)
    return found


def _wrong(notice: Notice, facts: Mapping[str, type[Fact]]) -> Iterator[tuple[str, str]]:
    """Which of its fields names what does not exist, and what."""
    for field, types in (("because", notice.because), ("until", notice.until)):
        for type_ in types:
            fact = facts.get(type_)
            if fact is None:
                yield field, f"{type_} is no fact"
                continue
            if notice.about not in fact.model_fields:
                yield "about", f"{type_} has no {notice.about}"
            if field == "because":
                yield from _wrong_of(notice, fact)


def _wrong_of(notice: Notice, fact: type[Fact]) -> Iterator[tuple[str, str]]:
    needed = FIELDS.get(notice.to)
    if needed is not None and needed not in fact.model_fields:
        yield "to", f"{fact.type} has no {needed}"
    for name in notice.only:
        if name not in fact.model_fields:
            yield "only", f"{fact.type} has no {name}"
    if notice.starts is not None and notice.starts.field not in {*fact.model_fields, SLOT}:
        yield "starts", f"{fact.type} has no {notice.starts.field}"
