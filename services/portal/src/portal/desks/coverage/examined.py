"""What came of a line's evaluation, person by person, and of its parts. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from contracts.base import Fact
from contracts.evaluation import (
    BatchCancelled,
    CandidateAdmitted,
    CandidateAssessed,
    CandidateFact,
    CandidateRefused,
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
    EvaluationPlanned,
    ObjectionSettled,
)
from contracts.values import (
    BatchId,
    CertificateId,
    Code,
    EvaluationId,
    LineNumber,
    Part,
    PartMark,
    Reason,
    WorkerId,
    because,
)
from portal.desks.coverage.clauses import CertificateHeld, PartFigures, PersonClause, Status, together
from servicekit.db import Cause


@dataclass
class Candidate:
    """One person's newest evaluation of a line, and every certificate of it."""

    batch_id: BatchId | None = None
    admitted: bool = False
    refused: tuple[Reason, ...] = ()
    parts: tuple[PartMark, ...] = ()
    starred: tuple[Code, ...] = ()
    """Safety items of the practical that were failed."""
    passed: bool | None = None
    certificates: dict[CertificateId, CertificateHeld] = field(default_factory=dict)
    revoked: dict[CertificateId, Reason] = field(default_factory=dict)
    suspended: dict[CertificateId, Reason] = field(default_factory=dict)


CertificateStanding = CertificateSuspended | CertificateReinstated | CertificateRevoked | CertificateReissued
Key = tuple[LineNumber, WorkerId]


def candidates_of(known: Sequence[tuple[Fact, Cause]]) -> dict[Key, Candidate]:
    """Everybody who was a candidate, by line and person."""
    line_of_batch: dict[BatchId, LineNumber] = {}
    of_evaluation: dict[EvaluationId, Key] = {}
    of_certificate: dict[CertificateId, Key] = {}
    found: dict[Key, Candidate] = {}
    for fact, _ in known:
        match fact:
            case EvaluationPlanned():
                line_of_batch[fact.batch_id] = fact.line
            case BatchCancelled():
                _forget(found.values(), fact.batch_id)
            case CandidateFact() if fact.batch_id in line_of_batch:
                key = (line_of_batch[fact.batch_id], fact.worker_id)
                of_evaluation[fact.evaluation_id] = key
                _went_on(found.setdefault(key, Candidate()), fact)
            case CertificateIssued() if fact.evaluation_id in of_evaluation:
                key = of_certificate[fact.certificate_id] = of_evaluation[fact.evaluation_id]
                held = CertificateHeld(kind=fact.kind, number=fact.number)
                found[key].certificates[fact.certificate_id] = held
            case (
                CertificateSuspended()
                | CertificateReinstated()
                | CertificateRevoked()
                | CertificateReissued()
            ) if fact.certificate_id in of_certificate:
                _stands(found[of_certificate[fact.certificate_id]], fact)
    return found


def _forget(candidates: Iterable[Candidate], batch_id: BatchId) -> None:
    for one in candidates:
        if one.batch_id == batch_id:
            one.admitted, one.refused, one.parts, one.passed = False, (), (), None


def _stands(one: Candidate, fact: CertificateStanding) -> None:
    """What becomes of a certificate after it was issued."""
    id_ = fact.certificate_id
    changes: dict[str, object]
    match fact:
        case CertificateSuspended():
            one.suspended[id_], changes = fact.reason, {"suspended_on": fact.suspended_on}
        case CertificateReinstated():
            one.suspended.pop(id_, None)
            changes = {"suspended_on": None}
        case CertificateRevoked():
            one.suspended.pop(id_, None)
            one.revoked[id_], changes = fact.reason, {"suspended_on": None, "revoked_on": fact.revoked_on}
        case CertificateReissued():
            one.revoked.pop(id_, None)  # nothing was lost: another is in its place
            changes = {"replaced_by": fact.new_number}
    one.certificates[id_] = one.certificates[id_].model_copy(update=changes)


def _went_on(one: Candidate, fact: CandidateFact) -> None:
    one.batch_id = fact.batch_id
    match fact:
        case CandidateAdmitted():
            one.admitted, one.refused, one.parts, one.passed = True, (), (), None
        case CandidateRefused():
            one.admitted, one.refused, one.parts, one.passed = False, fact.reasons, (), None
        case CandidateAssessed():
            one.parts, one.passed, one.starred = fact.parts, fact.passed, fact.failed
        case ObjectionSettled() if fact.upheld:
            one.parts, one.passed = (), None


def person_clause(
    worker_id: WorkerId,
    one: Candidate | None,
    *,
    kinds: Collection[Code],
    left: bool,
    ended: tuple[Reason, ...] | None,
) -> PersonClause:
    """What came of one person. `left` = no longer on the line; `ended` = why nothing more will come."""
    one = one or Candidate()
    status, reasons = _became(one, kinds, left=left, ended=ended)
    return PersonClause(
        worker_id=worker_id,
        status=status,
        reasons=reasons,
        passed=tuple(p.part for p in one.parts if p.mark is not None and _reached(p, one)),
        failed=tuple(p.part for p in one.parts if p.mark is not None and not _reached(p, one)),
        absent=tuple(p.part for p in one.parts if p.mark is None),
        certificates=tuple(one.certificates.values()),
    )


def _became(  # noqa: PLR0911  one line per outcome
    one: Candidate, kinds: Collection[Code], *, left: bool, ended: tuple[Reason, ...] | None
) -> tuple[Status, tuple[Reason, ...]]:
    held = {
        each.kind
        for each in one.certificates.values()
        if each.revoked_on is None and each.suspended_on is None
    }
    if held >= set(kinds) and held:
        return Status.DELIVERED, ()
    if held:
        return Status.PARTLY, (*one.revoked.values(), *one.suspended.values())
    if one.suspended:  # it may hold again
        return Status.AHEAD, (*one.revoked.values(), *one.suspended.values())
    if one.revoked:
        return Status.NOT, tuple(one.revoked.values())
    if left:
        return Status.NOT, (because("coverage.left_line"),)
    if one.passed is False:
        return Status.NOT, (_failed(one),)
    if one.refused:
        return Status.NOT, one.refused
    if ended is not None:
        return Status.NOT, ended
    if one.passed:
        return Status.AHEAD, (because("coverage.to_certify"),)
    return Status.AHEAD, (because("coverage.admitted" if one.admitted else "coverage.not_planned"),)


def _reached(of: PartMark, one: Candidate) -> bool:
    """The part is passed: its mark, and in the practical no safety item failed."""
    return of.mark is not None and of.mark >= of.pass_mark and not (one.starred and of.part is Part.PRACTICAL)


def _failed(one: Candidate) -> Reason:
    """Absent from every part that was not passed, or below the pass mark, or unsafe."""
    missed = [each for each in one.parts if not _reached(each, one)]
    absent = bool(missed) and all(each.mark is None for each in missed)
    return because("coverage.absent_from_evaluation" if absent else "coverage.failed")


def part_figures(part: Part, persons: Sequence[PersonClause]) -> PartFigures:
    """The line's people by what came of this part."""
    passed = sum(part in one.passed for one in persons)
    failed = sum(part in one.failed for one in persons)
    absent = sum(part in one.absent for one in persons)
    return PartFigures(
        part=part,
        status=together(_of_part(part, one) for one in persons) if persons else Status.AHEAD,
        passed=passed,
        failed=failed,
        absent=absent,
        not_examined=len(persons) - passed - failed - absent,
    )


def _of_part(part: Part, one: PersonClause) -> Status:
    if part in one.passed:
        return Status.DELIVERED
    return Status.AHEAD if one.status is Status.AHEAD else Status.NOT
