"""Why schemes are given back: the programme's own reasons, and how often each was named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.programme import Wording
from contracts.refusals import Invalid
from contracts.scheduling import SchemeDeclined
from contracts.values import EnterpriseId, ProgrammeCode, Reason, ReasonCode, Signer
from scheduling.metadata import metadata
from scheduling.schemes.tables import scheme
from servicekit.db import Tx, UtcTime

scheme_return = Table(
    "scheme_return",
    metadata,
    Column("order_id", Uuid, ForeignKey("scheme.order_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("code", String, primary_key=True),
    Column("signer", String, nullable=False),
    Column("at", UtcTime, nullable=False),
)
ADD = upsert(scheme_return).on_conflict_do_nothing()
"""A version is given back once."""

_enterprise, _programme = bindparam("enterprise_id", type_=String), bindparam("programme", type_=String)
_by = (scheme.c.enterprise_id, scheme.c.programme, scheme_return.c.signer, scheme_return.c.code)
COUNT = (
    select(
        *_by,
        func.max(scheme.c.enterprise_name).label("enterprise_name"),
        func.count().label("times"),
        func.max(scheme_return.c.at).label("last"),
    )
    .join(scheme, scheme.c.order_id == scheme_return.c.order_id)
    .where(
        or_(_enterprise.is_(None), scheme.c.enterprise_id == _enterprise),
        or_(_programme.is_(None), scheme.c.programme == _programme),
    )
    .group_by(*_by)
    .order_by(func.count().desc(), *_by)
)


@dataclass(frozen=True)
class Counted:
    """How often a side has named a reason for an enterprise's schemes of a programme."""

    enterprise_id: EnterpriseId
    enterprise_name: str
    programme: ProgrammeCode
    signer: Signer
    code: ReasonCode
    times: int
    last: datetime


def check(reasons: Sequence[Reason], known: Mapping[ReasonCode, Wording]) -> tuple[Reason, ...]:
    """The reasons, each once; `Invalid` with the programme's list when none is named, or one that is not in it."""
    listed = ", ".join(known)
    if not reasons:
        raise Invalid("scheme.reason_missing", field="body.reasons", known=listed)
    for reason in reasons:
        if reason.code not in known:
            raise Invalid("scheme.reason_unknown", field="body.reasons", reason=reason.code, known=listed)
    return tuple({reason.code: reason for reason in reasons}.values())


async def note(tx: Tx, fact: SchemeDeclined, at: datetime) -> None:
    """Count it; what the planner could not plan was given back by nobody."""
    if fact.signer is None:
        return
    for reason in _all(fact):
        await tx.execute(
            ADD,
            {
                "order_id": fact.order_id,
                "version": fact.version,
                "code": reason.code,
                "signer": fact.signer.value,
                "at": at,
            },
        )


async def counted(
    tx: Tx, *, enterprise_id: EnterpriseId | None, programme: ProgrammeCode | None
) -> list[Counted]:
    """The reasons, the most frequent first."""
    rows = await tx.execute(COUNT, {"enterprise_id": enterprise_id, "programme": programme})
    return [
        Counted(
            row.enterprise_id, row.enterprise_name, row.programme, Signer(row.signer), row.code, row.times, row.last
        )
        for row in rows
    ]  # fmt: skip


def _all(fact: SchemeDeclined) -> Iterable[Reason]:
    return fact.reasons or (fact.reason,)
