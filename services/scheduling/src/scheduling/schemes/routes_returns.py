"""What the coordinator learns from schemes that were given back, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.values import EnterpriseId, ProgrammeCode, ReasonCode, Signer
from scheduling.known import known
from scheduling.schemes import returns
from servicekit.http import Router, Transaction
from servicekit.identity import Actor, actor_with

router = Router(tags=["schemes"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]


class ReturnView(BaseModel):
    """How often a side has given schemes back for a reason."""

    enterprise_id: EnterpriseId
    enterprise_name: str
    programme: ProgrammeCode
    signer: Signer
    """Who gave them back."""
    code: ReasonCode
    zh: str
    en: str
    times: int
    last: datetime


@router.get("/returns")
async def read_returns(
    tx: Transaction,
    by: Coordinator,  # noqa: ARG001  a federation's coordinators see all of it
    enterprise_id: EnterpriseId | None = None,
    programme: ProgrammeCode | None = None,
) -> list[ReturnView]:
    """Reasons by enterprise and programme, the most frequent first; of one of either, when asked."""
    found = await returns.counted(tx, enterprise_id=enterprise_id, programme=programme)
    return [_view(tx, one) for one in found]


def _view(tx: Transaction, one: returns.Counted) -> ReturnView:
    listed = known(tx).programme(one.programme).return_reasons
    words = listed.get(one.code)
    return ReturnView(
        enterprise_id=one.enterprise_id,
        enterprise_name=one.enterprise_name,
        programme=one.programme,
        signer=one.signer,
        code=one.code,
        zh=words.zh if words else one.code,
        en=words.en if words else one.code,
        times=one.times,
        last=one.last,
    )
