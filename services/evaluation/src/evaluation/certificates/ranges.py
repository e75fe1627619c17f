"""Numbers that an authority has handed out: which comes next, how many are left, which are never given. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from uuid import UUID

from contracts.refusals import Invalid, Refused
from contracts.values import CertificateNumber, Code, OrganisationId
from evaluation.certificates.rules import DIGITS, LAST_SERIAL

RangeId = UUID


@dataclass(frozen=True)
class Range:
    """A range of serials of one issuer, kind, year and level.

    Every serial before `next` is given or void; behind it only what was given before the range was entered, or void.
    """

    range_id: RangeId
    issuer_id: OrganisationId
    kind: Code
    prefix: str
    year: int
    level: int
    first: int
    last: int
    next: int
    document: str
    """By which it was handed out."""
    entered_by: str
    entered_at: datetime
    closed_on: date | None = None
    closed_cause: str | None = None
    closed_by: str | None = None
    """A login; none also of one that was closed before this was kept."""

    def number(self, serial: int) -> CertificateNumber:
        """As it is printed."""
        return f"{self.prefix}{self.year % 100:02d}{self.level}{serial:0{DIGITS}d}"

    def meets(self, other: "Range") -> bool:
        """A number would be in both."""
        same = (self.prefix, self.year % 100, self.level) == (other.prefix, other.year % 100, other.level)
        return same and self.first <= other.last and other.first <= self.last

    def left(self, taken: Collection[int]) -> int:
        """How many can still be given, with what is void or given already taken; nothing of a closed one."""
        if self.closed_on is not None:
            return 0
        return self.last - self.next + 1 - sum(self.next <= each <= self.last for each in taken)

    def free(self, taken: Collection[int]) -> Iterator[int]:
        """The serials that are not taken yet, in the order in which they are given."""
        return (each for each in range(self.next, self.last + 1) if each not in taken)

    def comes_next(self, taken: Collection[int]) -> int:
        """The serial that is given next; the one behind the last when none is left."""
        return next(self.free(taken), self.last + 1)

    def runs_low(self, taken: Collection[int], share: Decimal) -> bool:
        """Less than this share is left, and it is still in use."""
        return self.closed_on is None and self.left(taken) < share * (self.last - self.first + 1)


def check_new(new: Range, others: Sequence[Range], patterns: Mapping[Code, Collection[str]]) -> None:
    """`range.wrong_order`, `range.kind_unknown`, `range.no_number` or `range.overlaps`.

    `patterns` = of each kind that a programme gives what its numbers look like, one for each programme.
    """
    if not 1 <= new.first <= new.last <= LAST_SERIAL:
        raise Invalid("range.wrong_order", field="body.first", first=new.first, last=new.last)
    if new.kind not in patterns:
        allowed = ", ".join(sorted(patterns))
        raise Invalid("range.kind_unknown", field="body.kind", kind=new.kind, allowed=allowed)
    if not any(re.fullmatch(each, new.number(new.first)) for each in patterns[new.kind]):
        raise Invalid("range.no_number", field="body.prefix", number=new.number(new.first))
    for each in others:
        if new.meets(each):
            raise Refused("range.overlaps", number=each.number(max(new.first, each.first)))


def draw(
    ranges: Sequence[Range], taken: Mapping[RangeId, Collection[int]], count: int, *, year: int, level: int
) -> tuple[list[CertificateNumber], list[Range]]:
    """So many numbers, in the order in which the ranges were entered, and the ranges as they are after it.

    `taken` = what is void, or was given before the range was entered: passed over one by one, what lies between is not.

    `certificate.numbers_used_up` when there are not enough: nobody gets a number that no authority has given.
    """
    left = sum(each.left(taken.get(each.range_id, ())) for each in ranges)
    if left < count:
        raise Refused("certificate.numbers_used_up", year=year, level=level, left=left, wanted=count)
    drawn, after = list[CertificateNumber](), list[Range]()
    for each in ranges:
        if len(drawn) == count:
            break
        if each.closed_on is not None:
            continue
        serials = list(islice(each.free(taken.get(each.range_id, ())), count - len(drawn)))
        drawn += map(each.number, serials)
        if serials:
            after.append(replace(each, next=serials[-1] + 1))
    return drawn, after


def check_void(
    of: Range, given: Collection[int], first: int, last: int, cause: str, allowed: Sequence[str]
) -> None:
    """Only what was not given is put aside: `number.not_of_range`, `number.given_already`,
    `number.of_a_certificate`, `number.cause_unknown`.
    """
    check_cause(cause, allowed)
    if not of.first <= first <= last <= of.last:
        raise Invalid(
            "number.not_of_range", field="body.first", first=of.number(of.first), last=of.number(of.last)
        )
    if first < of.next:
        raise Refused("number.given_already", number=of.number(of.next - 1))
    if among := [each for each in given if first <= each <= last]:
        raise Refused("number.of_a_certificate", number=of.number(min(among)))


def check_cause(cause: str, allowed: Sequence[str]) -> None:
    """`number.cause_unknown` unless the rules of the day have it."""
    if cause not in allowed:
        raise Invalid("number.cause_unknown", field="body.cause", cause=cause, allowed=", ".join(allowed))
