"""Which number a certificate gets: the next of an authority's range, or a demo one where none was handed out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contracts.programme_certificates import KindRules
from contracts.refusals import Invalid
from contracts.values import CertificateNumber, Code, LevelCode, OrganisationId
from evaluation.certificates import range_store, ranges, store
from evaluation.certificates.ranges import Range, RangeId
from evaluation.certificates.rules import OF_ENTERPRISE, Drawn, Series
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.ids import new_id

MOST_VOID = 1000
"""Numbers put aside at once."""


@dataclass(frozen=True)
class New:
    """A range as it is entered."""

    issuer_id: OrganisationId
    kind: Code
    prefix: str
    year: int
    level: int
    first: int
    last: int
    document: str


@dataclass(frozen=True)
class Standing:
    """A range with what is left of it."""

    of: Range
    voids: Sequence[tuple[CertificateNumber, str]]
    next: int
    """The serial that is given next."""
    left: int
    low: bool


async def numbers(tx: Tx, order: Order, level: LevelCode, kinds: Sequence[Code], day: date) -> list[Drawn]:
    """A number for each of these certificates, in their order. What is drawn is held to the end of the transaction."""
    rules = known(tx).programmes.programmes[order.programme].certificates
    figure = known(tx).programmes.levels[level].cert_level_code
    assert figure is not None  # a level without one is never planned
    of_kind: dict[Code, list[Drawn]] = {}
    demo: Counter[Series] = Counter()
    series: dict[Code, Series] = {}
    for kind, count in sorted(Counter(kinds).items()):
        issuer = order.enterprise_id if kind == OF_ENTERPRISE else order.union_id
        if await range_store.ever(tx, issuer, kind):
            of_kind[kind] = [
                Drawn(each, demo=False) for each in await _draw(tx, issuer, kind, day.year, figure, count)
            ]
        else:
            series[kind] = Series(rules.of(kind).number_prefix or rules.number_prefix, day.year, figure)
            demo[series[kind]] += count
    serials = {each: await store.draw(tx, each, count) for each, count in sorted(demo.items(), key=str)}
    found = []
    for kind in kinds:
        if kind in of_kind:
            found.append(of_kind[kind].pop(0))
        else:
            at = series[kind]
            found.append(Drawn(at.number(serials[at], pattern_of(tx, rules.of(kind))), demo=rules.demo))
            serials[at] += 1
    return found


def pattern_of(tx: Tx, rules: KindRules) -> str:
    """What a number of this kind looks like."""
    return rules.number_pattern or known(tx).programmes.rules.evaluation.certificate_number_regex.value


async def _draw(
    tx: Tx, issuer: OrganisationId, kind: Code, year: int, level: int, count: int
) -> list[CertificateNumber]:
    found = await range_store.drawn_from(tx, issuer, kind, year, level)
    drawn, after = ranges.draw(found, await _taken(tx, found), count, year=year, level=level)
    for each in after:
        await range_store.save(tx, each)
    return drawn


async def _taken(tx: Tx, found: Sequence[Range]) -> dict[RangeId, set[int]]:
    told = await range_store.voids(tx, [each.range_id for each in found])
    void = {each.range_id: {serial for serial, _ in told.get(each.range_id, ())} for each in found}
    return {each.range_id: void[each.range_id] | await _given_ahead(tx, each) for each in found}


async def _given_ahead(tx: Tx, of: Range) -> set[int]:
    """Serials of it that certificates have had since before it was entered, or again after a restore."""
    if of.next > of.last:
        return set()
    return await store.serials_between(tx, of.number(of.next), of.number(of.last))


async def enter(tx: Tx, given: New, *, by: Actor) -> Range:
    """The union enters what an authority has handed out; a number of it that was given before is not given again."""
    new = Range(
        **vars(given), range_id=new_id(), next=given.first, entered_by=by.user, entered_at=await now(tx)
    )
    await range_store.hold_all(tx)
    ranges.check_new(new, await range_store.listed(tx), _patterns(tx))
    if not await _issues(tx, new.issuer_id, new.kind):
        raise Invalid("range.issuer_unknown", field="body.issuer_id", issuer=new.issuer_id)
    await range_store.add(tx, new)
    return new


def _patterns(tx: Tx) -> dict[Code, set[str]]:
    """Of each kind that a programme gives or describes what its numbers look like."""
    found: dict[Code, set[str]] = {}
    for programme in known(tx).programmes.programmes.values():
        rules = programme.certificates
        for kind in (*rules.kinds, *rules.by_kind):
            found.setdefault(kind, set()).add(pattern_of(tx, rules.of(kind)))
    return found


async def _issues(tx: Tx, issuer_id: OrganisationId, kind: Code) -> bool:
    """An enterprise issues its own kind, a union every other; known from the programme folder, or from an order."""
    demo = known(tx).programmes.demo
    if kind == OF_ENTERPRISE:
        return issuer_id in demo.enterprises or await orders.is_of_enterprise(tx, issuer_id)
    return issuer_id in demo.unions or await orders.is_of_union(tx, issuer_id)


async def close(tx: Tx, range_id: RangeId, cause: str, *, by: Actor) -> None:
    """Nothing more is drawn from it: the authority has taken it back, or it was entered wrongly."""
    of = await range_store.lock(tx, range_id)
    day = await today(tx)
    ranges.check_cause(cause, _causes(tx, day))
    if of.closed_on is None:
        await range_store.save(tx, replace(of, closed_on=day, closed_cause=cause, closed_by=by.user))


async def put_aside(tx: Tx, range_id: RangeId, first: int, last: int, cause: str, *, by: Actor) -> None:
    """These numbers are never given, and it is written down why."""
    of = await range_store.lock(tx, range_id)
    ranges.check_void(of, await _given_ahead(tx, of), first, last, cause, _causes(tx, await today(tx)))
    if last - first >= MOST_VOID:
        raise Invalid("number.too_many", field="body.last", most=MOST_VOID)
    await range_store.put_aside(tx, range_id, range(first, last + 1), cause, by.user, await now(tx))


async def listed(tx: Tx) -> list[Standing]:
    """All ranges, with what is left of each."""
    found = await range_store.listed(tx)
    told = await range_store.voids(tx, [each.range_id for each in found])
    share: Decimal = known(tx).programmes.rules.evaluation.numbering(await today(tx)).warn_share
    standing = []
    for each in found:
        voids = told.get(each.range_id, ())
        taken = {serial for serial, _ in voids} | await _given_ahead(tx, each)
        standing.append(
            Standing(
                of=each,
                voids=[(each.number(serial), cause) for serial, cause in voids],
                next=each.comes_next(taken),
                left=each.left(taken),
                low=each.runs_low(taken, share),
            )
        )
    return standing


def _causes(tx: Tx, day: date) -> Sequence[str]:
    return known(tx).programmes.rules.evaluation.numbering(day).void_causes
