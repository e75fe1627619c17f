"""Agreements are signed: whoever the college may send by it is tried for what nobody could come to."""

from datetime import date

from contracts.instructor_dispatch import AgreementSigned
from contracts.values import CollegeId, Count, UnionId
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.colleges.routes import CollegeSeen, Coordinator, seen
from instructor_dispatch.offers.commands import agreeing
from servicekit.http import Request, Router, Transaction, refusals

router = Router(tags=["colleges"])


class NewAgreement(Request):
    """How much the college sends from one day to another, both included (sessions)."""

    union_id: UnionId
    valid_from: date
    valid_until: date
    sessions_total: Count
    sessions_week: Count
    target: Count


@router.post(
    "/colleges/{college_id}/agreements",
    status_code=201,
    responses=refusals("college.unknown", "agreement.overlaps", "agreement.ends_before_it_begins"),
)
async def sign(college_id: CollegeId, asked: NewAgreement, tx: Transaction, by: Coordinator) -> CollegeSeen:
    """Sign a framework agreement (签合作框架协议)."""
    await agreeing.sign(tx, AgreementSigned(college_id=college_id, **asked.model_dump()), by=by)
    return seen(await colleges.known(tx, college_id))
