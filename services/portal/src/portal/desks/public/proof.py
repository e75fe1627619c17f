"""What the public check tells of a certificate beside its verdict: how it was earned, and how it came to stand so.

Counts and dates; no name but the holder's, in part.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal import directory
from portal.boards import story
from portal.boards.outcomes import CertificateRow, certificate_row
from portal.web.names import Names, names_for
from portal.web.text import Text
from servicekit.db import Tx

ATTENDED = """
select day, (attended ->> $2)::integer as minutes from session_row
where order_id = $1 and attended ->> $2 is not null and (occupation, level) = ($3, $4)"""
"""Of the training for this certificate, the sessions at which somebody was, and for how many minutes."""
BATCH = """
select o.batches -> e.batch_id::text ->> 'day' as day, o.batches -> e.batch_id::text ->> 'until' as until
from evaluation_row e join order_card o using (order_id) where e.evaluation_id = $1"""
RENEWED_BY = (
    select(certificate_row.c.number)
    .where(certificate_row.c.renews == bindparam("id"))
    .order_by(certificate_row.c.issued_on.desc())
    .limit(1)
)
NUMBER_OF = select(certificate_row.c.number).where(certificate_row.c.certificate_id == bindparam("id"))


@dataclass(frozen=True)
class Step:
    """What happened, and beneath it when or how."""

    text: str
    detail: str


async def shown_of(tx: Tx, text: Text, certificate: CertificateRow, *, whole: bool) -> dict[str, Any]:
    """What stands below the verdict: with the right code the masked holder, marks, training and history too."""
    names = await names_for(tx, text)
    shown: dict[str, Any] = {
        "whole": whole,
        "occupation": text(
            "check.with_code", name=names.occupation(certificate.occupation), code=certificate.occupation
        ),
        "level": names.level_whole(certificate.level),
        "issuer": names.called.get(certificate.issuer, certificate.issuer),
        "demo": certificate.demo,
        "issued_on": certificate.issued_on.isoformat() if certificate.issued_on else "",
        "revoked_on": certificate.revoked_on.isoformat() if certificate.revoked_on else "",
        "valid_until": certificate.valid_until.isoformat() if certificate.valid_until else "",
        "suspended_on": certificate.suspended_on.isoformat() if certificate.suspended_on else "",
        "reason": text.reason(certificate.reason, {}) if certificate.reason else "",
    }
    if not whole:
        return shown
    worker = certificate.worker_id
    marks = [
        f"{text(f'part.{part.part}')} {part.mark if part.mark is not None else text('part.absent')}"
        for part in certificate.parts
    ]
    return shown | {
        "holder": (await directory.names_of(tx, [worker])).get(worker) if worker else None,
        "marks": " · ".join(marks),
        "earned": await _earned(tx, names, certificate, shown["issuer"]),
        "history": _history(text, certificate) if len(certificate.history) > 1 else [],
        "replaces": await _number_of(tx, certificate.replaces),
        "replaced_by": await _number_of(tx, certificate.replaced_by),
        "renews": await _number_of(tx, certificate.renews),
        "renewed_by": await tx.scalar(RENEWED_BY, {"id": certificate.certificate_id}) or "",
    }


async def _earned(tx: Tx, names: Names, certificate: CertificateRow, issuer: str) -> list[Step]:
    """From the question that was asked in the works to the day of issue, what is known of it."""
    text, steps = names.text, await _asked(tx, names.text, certificate.order_id)
    if certificate.worker_id:
        rows = await tx.driver.fetch(
            ATTENDED,
            certificate.order_id,
            str(certificate.worker_id),
            certificate.occupation,
            certificate.level,
        )
        days = sorted(row["day"] for row in rows if row["day"])
        if days:
            class_hour = names.programmes.rules.class_hour_minutes.value
            hours = sum(row["minutes"] for row in rows) // class_hour
            taught = text("check.hours", count=hours, days=_from_to(days, text))
            steps.append(Step(text("check.attended", count=len(days)), taught))
    batch = None
    if certificate.evaluation_id:
        batch = await tx.driver.fetchrow(BATCH, certificate.evaluation_id)
    day = f"{batch['day']} · " if batch and batch["day"] else ""
    steps.append(Step(text("check.assessed"), f"{day}{text('check.assessed_note')}"))
    if batch and batch["until"]:
        steps.append(Step(text("check.posted"), text("check.posted_note", day=batch["until"])))
    issued = certificate.issued_on.isoformat() if certificate.issued_on else ""
    return [*steps, Step(text("check.issued"), f"{issued} · {issuer}")]


async def _asked(tx: Tx, text: Text, order_id: UUID) -> list[Step]:
    """The round of the survey that the order came of, if it did, and the order."""
    submitted = await story.of_type(tx, [order_id], "order.submitted.v1")
    if not submitted:
        return []
    told, steps = submitted[-1].data, list[Step]()
    if survey := told.get("survey_id"):
        opened = await story.of_type(tx, [survey], "survey.opened.v1")
        if opened:
            round_ = text("check.surveyed", round=opened[0].data["round"])
            steps.append(Step(round_, str(opened[0].data["opened_on"])))
    return [*steps, Step(text("check.ordered"), str(told["submitted_on"]))]


def _history(text: Text, certificate: CertificateRow) -> list[Step]:
    """How it came to stand as it does: what was done, when and why; the newest last."""
    return [
        Step(
            text(f"check.step.{each.step}"),
            text("check.when_why", day=each.day.isoformat(), why=text.reason(each.reason, {}))
            if each.reason
            else each.day.isoformat(),
        )
        for each in certificate.history
    ]


async def _number_of(tx: Tx, certificate_id: UUID | None) -> str:
    """Of the certificate before or after it; nothing when there is none."""
    if certificate_id is None:
        return ""
    return await tx.scalar(NUMBER_OF, {"id": certificate_id}) or ""


def _from_to(days: list[date], text: Text) -> str:
    """With their years: a certificate is looked at for as long as it holds."""
    ends = [day.isoformat() for day in days[:1] + days[-1:]]
    return text("time.from_to", first=ends[0], last=ends[1]) if len(set(ends)) > 1 else "".join(ends[:1])
