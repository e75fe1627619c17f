"""Enterprises over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, BeforeValidator, Field

from contracts.order_intake import EnterpriseChanged, EnterpriseRegistered
from contracts.values import (
    Code,
    CreditCode,
    DivisionCode,
    EnterpriseId,
    OrganisationName,
    ShiftPatternCode,
)
from order_intake.enterprises import commands, credit_code
from servicekit.http import IfMatch, Request, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(prefix="/enterprises", tags=["enterprises"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "service"))]
WrittenCode = Annotated[
    str,
    BeforeValidator(lambda text: text.strip().upper() if isinstance(text, str) else text),
    Field(max_length=40),
]
"""A credit code as people write it: its own check says what is wrong with it."""


class EnterpriseParticulars(Request):
    """All that is known of an enterprise."""

    credit_code: WrittenCode
    name: OrganisationName
    name_en: OrganisationName | None = None
    division: DivisionCode
    industry: Code
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: Annotated[int, Field(ge=1, le=50)] = 1
    pilot: bool = False


class NewEnterprise(EnterpriseParticulars):
    """An enterprise and the short id it gets."""

    enterprise_id: EnterpriseId


class EnterpriseView(BaseModel):
    """An enterprise."""

    enterprise_id: EnterpriseId
    credit_code: CreditCode
    name: str
    name_en: str | None
    division: DivisionCode
    industry: str
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: int
    pilot: bool


REGISTER = (
    "enterprise.known",
    "enterprise.credit_code_taken",
    "enterprise.division_unknown",
    "enterprise.shift_pattern_unknown",
    "credit_code.length",
    "credit_code.character",
    "credit_code.authority",
    "credit_code.division",
    "credit_code.organisation_check",
    "credit_code.check",
)


@router.post("", status_code=201, responses=refusals(*REGISTER))
async def register_enterprise(
    asked: NewEnterprise, *, tx: Transaction, by: Coordinator, response: Response
) -> EnterpriseView:
    """The federation gets to know an enterprise."""
    credit_code.check(asked.credit_code)
    fact = EnterpriseRegistered(**dict(asked))
    set_version(response, await commands.register_enterprise(tx, fact, by=by))
    return EnterpriseView(**dict(fact))


@router.put("/{enterprise_id}", responses=refusals("enterprise.unknown", *REGISTER[1:]))
async def change_enterprise(
    enterprise_id: EnterpriseId,
    *,
    asked: EnterpriseParticulars,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> EnterpriseView:
    """The whole new state of an enterprise; orders already submitted keep what they were submitted with."""
    credit_code.check(asked.credit_code)
    fact = EnterpriseChanged(enterprise_id=enterprise_id, **dict(asked))
    set_version(response, await commands.change_enterprise(tx, fact, by=by, if_match=if_match))
    return EnterpriseView(**dict(fact))


@router.get("/{enterprise_id}", responses=refusals("enterprise.unknown"))
async def read_enterprise(
    enterprise_id: EnterpriseId, *, tx: Transaction, by: Reader, response: Response
) -> EnterpriseView:
    """One enterprise; an enterprise sees itself only."""
    found, version = await commands.read_enterprise(tx, enterprise_id, by=by)
    set_version(response, version)
    return EnterpriseView(**dict(found))


@router.get("")
async def list_enterprises(tx: Transaction, by: Reader) -> list[EnterpriseView]:
    """The enterprises you may see, by id."""
    return [EnterpriseView(**dict(found)) for found in await commands.list_enterprises(tx, by=by)]
