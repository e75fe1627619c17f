"""Addresses of the numbers that an authority has handed out, for the union alone."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, Field

from contracts.programme_certificates import CertificatePrefix
from contracts.values import CertificateNumber, Code, OrganisationId
from evaluation.certificates import numbering
from evaluation.certificates.numbering import New
from evaluation.certificates.ranges import RangeId
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/number-ranges", tags=["certificates"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Serial = Annotated[int, Field(ge=1, le=999_999)]


class Entered(Request):
    """What the authority's paper says, and which paper it is."""

    issuer_id: OrganisationId
    kind: Code
    prefix: CertificatePrefix
    year: Annotated[int, Field(ge=2020, le=2099)]
    level: Annotated[int, Field(ge=0, le=9)]
    first: Serial
    last: Serial
    document: Annotated[str, Field(min_length=1, max_length=200)]


class PutAside(Request):
    """Numbers that are never given, and why."""

    first: Serial
    last: Serial
    cause: Code


class Closing(Request):
    """Why nothing more is drawn from it."""

    cause: Code


class VoidView(BaseModel):
    """A number that is never given."""

    number: CertificateNumber
    cause: Code


class RangeView(BaseModel):
    """A range and what is left of it; `next` = what is given next, `low` = the next one should be asked for.

    Who entered and who closed it are logins.
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
    entered_by: str
    entered_at: AwareDatetime
    closed_on: date | None
    closed_cause: Code | None
    closed_by: str | None
    left: int
    low: bool
    voids: list[VoidView]


class NewRange(BaseModel):
    """The range that was entered."""

    range_id: RangeId


@router.get("")
async def list_ranges(tx: Transaction, _: Union) -> list[RangeView]:
    """All that was ever handed out, the newest first."""
    return [
        RangeView(
            **vars(each.of) | {"next": each.next},
            left=each.left,
            low=each.low,
            voids=[VoidView(number=number, cause=cause) for number, cause in each.voids],
        )
        for each in await numbering.listed(tx)
    ]


@router.post(
    "",
    status_code=201,
    responses=refusals(
        "range.wrong_order", "range.kind_unknown", "range.issuer_unknown", "range.no_number", "range.overlaps"
    ),
)
async def enter_range(given: Entered, tx: Transaction, by: Union) -> NewRange:
    """Enter a range; from then on this issuer's certificates of this kind have numbers of it, and of no other."""
    entered = await numbering.enter(tx, New(**given.model_dump()), by=by)
    return NewRange(range_id=entered.range_id)


@router.post(
    "/{range_id}/void",
    status_code=204,
    responses=refusals(
        "range.unknown",
        "number.cause_unknown",
        "number.not_of_range",
        "number.given_already",
        "number.of_a_certificate",
        "number.too_many",
    ),
)
async def put_aside(range_id: RangeId, given: PutAside, tx: Transaction, by: Union) -> None:
    """Put numbers aside that were not given: a gap that is explained. At most 1,000 at once."""
    await numbering.put_aside(tx, range_id, given.first, given.last, given.cause, by=by)


@router.post(
    "/{range_id}/close", status_code=204, responses=refusals("range.unknown", "number.cause_unknown")
)
async def close_range(range_id: RangeId, given: Closing, tx: Transaction, by: Union) -> None:
    """Nothing more is drawn from it."""
    await numbering.close(tx, range_id, given.cause, by=by)
