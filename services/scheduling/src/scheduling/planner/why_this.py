"""Why this one and why not another: everybody beside whoever is chosen, at the time at which the session stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts.values import BandCode, PersonId, Reason
from scheduling.planner.change_points import ANOTHER_PERSON
from scheduling.planner.ledger import Ledger
from scheduling.planner.weighing import Weighed, difference, in_words, weigh
from scheduling.planner.world import Placed, Session

NEXT = 3
"""Others who are shown beside the chosen one (count)."""


@dataclass(frozen=True)
class PersonBeside:
    """One person and the session: every rule against, or what would differ from whoever is chosen."""

    person_id: PersonId
    against: tuple[Reason, ...] = ()
    """In the order in which they are asked for; none = could come."""
    weighed: Weighed | None = None
    more: Weighed | None = None
    """By how much more than the chosen, or than the best where nobody is chosen; nothing for that one."""
    beside: tuple[Reason, ...] = ()
    """The same in words."""


@dataclass(frozen=True)
class Why:
    """The choice beside the others."""

    day: date
    band: BandCode
    person_id: PersonId | None
    qualified: int
    free: int
    chosen: PersonBeside | None
    """With rules against, when the world has moved since it was chosen."""
    next: tuple[PersonBeside, ...]
    """The best of the others."""
    barred: Mapping[str, int] = field(default_factory=dict)
    """How many others the first rule against each of them bars."""


def everybody(
    ledger: Ledger,
    session: Session,
    day: date,
    band: BandCode,
    chosen: PersonId | None,
    *,
    by_drive: bool = False,
    in_words_of: int | None = None,
) -> tuple[PersonBeside, ...]:
    """All who are sent: those who can come by rank, then the others. The session itself is not in the ledger.

    `in_words_of`: how many of the first are told beside the chosen one, who always is; everybody without a number.
    """
    span, weight = ledger.book.span(day, band), ledger.book.programmes.rules.planning.weight_unfairness.value
    against = {id_: ledger.every_against(session, span, t) for id_, t in ledger.teachers.items()}
    weighed = {
        id_: weigh(ledger, session, day, band, teacher)
        for id_, teacher in ledger.teachers.items()
        if not against[id_] or id_ == chosen
    }
    free = sorted(
        (id_ for id_ in weighed if not against[id_]),
        key=lambda id_: (weighed[id_].rank(weight, by_drive=by_drive), str(id_)),
    )
    first = chosen if chosen in weighed else next(iter(free), None)
    changes = ANOTHER_PERSON if chosen else 0

    told = {*free[:in_words_of], chosen}

    def standing(id_: PersonId) -> PersonBeside:
        one = weighed.get(id_) if in_words_of is None or id_ in told else None
        more = difference(one, weighed[first]) if one and first and id_ != first else None
        beside = in_words(more, changes=changes) if more else ()
        return PersonBeside(id_, against[id_], one, more, beside)

    others = sorted(
        (id_ for id_ in against if against[id_]), key=lambda id_: (_nearness(against[id_]), str(id_))
    )
    return tuple(map(standing, (*free, *others)))


def _nearness(against: tuple[Reason, ...]) -> tuple[bool, int]:
    """Who could teach it at all comes first, and among them whom fewest rules bar."""
    return any(reason.code.startswith("qualification.") for reason in against), len(against)


def why(placed: Placed, people: tuple[PersonBeside, ...]) -> Why:
    """The summary of `everybody` for a session that stands somewhere."""
    others = [one for one in people if one.person_id != placed.person_id]
    free = [one for one in people if not one.against]
    unable = sum(one.against[0].code.startswith("qualification.") for one in people if one.against)
    return Why(
        day=placed.day,
        band=placed.band,
        person_id=placed.person_id,
        qualified=len(people) - unable,
        free=len(free),
        chosen=next((one for one in people if one.person_id == placed.person_id), None),
        next=tuple(one for one in others if not one.against)[:NEXT],
        barred=dict(sorted(Counter(one.against[0].code for one in others if one.against).items())),
    )
