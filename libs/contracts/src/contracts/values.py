"""Words that several senders use: ids, codes, levels, slots, reasons.

Facts hold ids, codes, numbers, dates and organisation names, nothing else (`OrganisationName` is the one
type that may hold free words; `tests/contracts` refuses every other unconstrained text).
Ids of things are UUIDs; ids of organisations are short readable codes (`jinniu`, `smtc`).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, WithJsonSchema

from contracts.base import CODE, MOST, Value


def _schema(pattern: str) -> WithJsonSchema:
    r"""As it is published: `\d` is an ASCII digit in JSON Schema, but a digit of any script for pydantic."""
    return WithJsonSchema({"type": "string", "pattern": pattern})


OrderId = UUID
SessionId = UUID
CohortId = UUID
AssignmentId = UUID
"""An offer and, once accepted, the assignment it became."""
PersonId = UUID
"""Somebody who is sent: instructor or assessor."""
OverrideId = UUID
"""A rule put aside on purpose, by name."""
WorkerId = UUID
"""A worker, the same across orders: a keyed blind index of the ID number, made by order-intake."""
SurveyId = UUID
BatchId = UUID
EvaluationId = UUID
EvidenceId = UUID
CertificateId = UUID
ClaimId = UUID
PhotoId = UUID
ActId = UUID
CorrectionId = UUID

Code = Annotated[str, StringConstraints(pattern=CODE)]
"""A short code, a figure, a date or a UUID: never words, and too short for a phone or ID number."""
CheckSum = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{6,14}$")]
"""What the QR code of an older certificate carries beside the number."""
CheckCode = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""128 random bits that the QR code of a certificate carries beside the number."""
OrganisationId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
EnterpriseId = OrganisationId
CollegeId = OrganisationId
UnionId = OrganisationId
OrganisationName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
"""Name of an organisation as it writes itself: the one free text in a fact. Never a person's."""
CreditCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NP-RTUW-Y]{18}$")]
"""Unified social credit code (统一社会信用代码); order-intake checks its check characters."""
OccupationCode = Annotated[
    str, StringConstraints(pattern=r"^[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}$"), _schema(r"^\d-\d{2}-\d{2}-\d{2}$")
]
"""Eight digits of the 2022 occupational dictionary, `6-31-01-03`."""
LevelCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,12}$")]
"""A level of the programme's ladder: `L5` … `L1`, `apprentice`, `special`, `chief`; ranks are data."""
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$"), _schema(r"^\d{6}$")]
"""GB/T 2260 county-level code."""
BandCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,12}$")]
"""Band of the day: `am`, `pm`, `eve`; hours are data."""
CrewCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
ShiftPatternCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,12}$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,47}$")]
"""A course unit of the catalogue."""
ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{4,6}$"), _schema(r"^\d{4}-\d{4,6}$")]
"""What people call an order (`2026-0137`): a column, never a key."""
CertificateNumber = Annotated[str, StringConstraints(pattern=r"^[YS][0-9]{21}$"), _schema(r"^[YS]\d{21}$")]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Yuan = Annotated[
    Decimal,
    Field(max_digits=12, decimal_places=2, ge=0),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,10}(\.\d{1,2})?$"}, mode="serialization"),
]
Mark = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=4, decimal_places=1),
    WithJsonSchema({"type": "string", "pattern": r"^(100(\.0)?|\d{1,2}(\.\d)?)$"}, mode="serialization"),
]
"""0 to 100, in tenths."""
Count = Annotated[int, Field(ge=0, le=MOST)]
Fen = Count
"""Money in fen (分), hundredths of a yuan: never a fraction."""
Ordinal = Annotated[int, Field(ge=1, le=MOST)]
"""The first, the second, …: a place in a row, a version, an attempt."""
Minutes = Count
ClassHours = Count
"""Class-hours of 45 minutes."""


def _plain(figure: object) -> object:
    return str(figure) if isinstance(figure, UUID | date | Decimal) else figure


Figure = Annotated[Annotated[int, Field(ge=-MOST, le=MOST)] | Code, BeforeValidator(_plain)]
"""A figure of a reason: a whole number, or a code; dates, decimals and ids are written as codes."""


class ServiceLine(StrEnum):
    """What an enterprise can order."""

    THEORY_TRAINING = "theory_training"
    SKILL_EVALUATION = "skill_evaluation"
    SKILLS_COMPETITION = "skills_competition"
    NEW_APPRENTICESHIP = "new_apprenticeship"


class Mode(StrEnum):
    """How a unit is taught."""

    ONSITE = "onsite"
    ONLINE = "online"


class Part(StrEnum):
    """A part of an evaluation. Which parts a level has, and their pass marks, are rule data."""

    THEORY = "theory"
    PRACTICAL = "practical"
    REVIEW = "review"


class Title(StrEnum):
    """A professional title of the trade, from the lowest."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


class Diploma(StrEnum):
    """What a school certifies."""

    VOCATIONAL = "vocational"
    FINAL_YEAR = "final_year"
    """In the last year of a vocational school, the diploma still to come."""
    SENIOR_SCHOOL = "senior_school"
    """Of a senior technical school or the senior worker class of a technician college."""
    TECHNICIAN_COLLEGE = "technician_college"
    PREPARATORY = "preparatory"
    """Preparatory technician of a technician college."""
    COLLEGE = "college"
    COLLEGE_ASSESSED = "college_assessed"
    """Of a college whose course was assessed as leading to level 3."""


class Role(StrEnum):
    """What somebody is sent as."""

    LEAD = "lead"
    ASSISTANT = "assistant"
    ASSESSOR = "assessor"


class Way(StrEnum):
    """How a worker signed in."""

    SCAN = "scan"
    INSTRUCTOR_SCAN = "instructor_scan"
    ROLL_CALL = "roll_call"


LineNumber = Annotated[int, Field(ge=1, le=99)]
"""A line's number within its order."""


class Stage(StrEnum):
    """A stage that an order's scheme can have after dispatch."""

    DELIVERY = "delivery"
    EVALUATION = "evaluation"


class Clause(StrEnum):
    """A part of a scheme that is signed by itself."""

    CONTENT = "content"
    TIMES = "times"
    PLACES = "places"
    NEEDS = "needs"
    COST = "cost"


class Signer(StrEnum):
    """A side of a scheme."""

    UNION = "union"
    ENTERPRISE = "enterprise"


class Reason(Value):
    """Why something is as it is: a code with its figures; sentences in both languages are the screens'."""

    code: ReasonCode
    figures: dict[Code, Figure] = Field(default_factory=dict)


def because(code: str, **figures: int | str | date | Decimal | UUID) -> Reason:
    """The reason with its figures: `because("travel.too_far", minutes=95)`."""
    try:
        return _reason(code, *figures, *figures.values())
    except TypeError:  # no figure at all, which the model says better
        return Reason.model_validate({"code": code, "figures": figures})


@lru_cache(maxsize=4096, typed=True)
def _reason(code: str, *names_and_figures: Any) -> Reason:
    """Searches ask for the same reasons again and again, and a reason never changes."""
    half = len(names_and_figures) // 2
    figures = dict(zip(names_and_figures[:half], names_and_figures[half:], strict=True))
    return Reason.model_validate({"code": code, "figures": figures})


class Trainee(Value):
    """A worker on an order's line, and the crew of the shift pattern he works in."""

    worker_id: WorkerId
    crew: CrewCode
    enterprise_id: EnterpriseId | None = None
    """Whose worker it is, on a line of a joint order; none = of the order's own enterprise."""


class PoolMember(Value):
    """An order whose lines a joint order is drawn from."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    heads: Annotated[int, Field(ge=1, le=2000)]
    """Different people on its lines."""


class OrderLine(Value):
    """One thing ordered for a group of workers."""

    line: LineNumber
    service: ServiceLine
    occupation: OccupationCode
    level: LevelCode
    """The level trained for or evaluated at."""
    trainees: Annotated[tuple[Trainee, ...], Field(max_length=2000)]
    units: tuple[UnitCode, ...] = ()
    """Units wished from the catalogue, in teaching order; none = all of the occupation and level."""
    bands: tuple[BandCode, ...] = ()
    """Bands of the day that stop production least; none = any."""
    cohort_sizes: tuple[Annotated[int, Field(ge=1, le=200)], ...] = ()
    """Wished sizes; none = the planner cuts."""
    earliest: date
    latest: date
    release_cap_minutes: Minutes = 0
    """Most minutes of working time a cohort may lose to its sessions in all."""


class Slot(Value):
    """When something is held: a local day and band, and the same as an interval, half-open, in UTC."""

    day: date
    band: BandCode
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+/[A-Za-z_]+$")] = "Asia/Shanghai"


class Needs(Value):
    """The qualification a session or a batch asks of whoever is sent."""

    occupation: OccupationCode
    level: LevelCode
    """Least level of the person sent."""


class Qualification(Value):
    """What somebody may teach or assess."""

    occupation: OccupationCode
    level: LevelCode
    assessor: bool = False
    """May assess; teaching needs no such card."""
    valid_until: date | None = None


class Cohort(Value):
    """Workers who learn together."""

    cohort_id: CohortId
    letter: CrewCode
    line: LineNumber
    crews: tuple[CrewCode, ...]
    workers: tuple[WorkerId, ...]
    series: Ordinal = 1
    """Which run through the letters: after Z comes A of the second."""


class Guest(StrEnum):
    """Why somebody attended who is not of the cohort."""

    WALK_IN = "walk_in"
    """Of the order's roster, and of another cohort."""
    MAKE_UP = "make_up"
    """The same, who had missed this unit with their own cohort."""


class Excused(Value):
    """A worker whose enterprise said before the session that they would not come, and why."""

    worker_id: WorkerId
    reason: Reason


class Attendance(Value):
    """One worker at one session."""

    worker_id: WorkerId
    minutes: Minutes
    way: Way
    act_id: ActId
    at: AwareDatetime | None = None
    """When the worker signed in, by the phone; none = the union set it right, or the fact is older than this field."""
    left_at: AwareDatetime | None = None
    """When the worker signed out; none = was there to the end."""
    class_hours: Count | None = None
    """What is credited of the session's class-hours; none = the fact is older than this field."""
    guest: Guest | None = None
    """None = of the session's own cohort."""
    makes_up: SessionId | None = None
    """The session of their own cohort that this one stands for."""
    on_paper: bool = False
    """Read from the sheet that the worker signed; `way` is then `roll_call`, for readers that know no paper."""


class Handed(Value):
    """So many of a material, handed out at a session."""

    material: Code
    count: Annotated[int, Field(ge=1, le=9999)]


class PartMark(Value):
    """The confirmed mark of one part; `None` = absent."""

    part: Part
    mark: Mark | None
    pass_mark: Mark


class Markers(Value):
    """The two logins that gave a part's mark, the second without seeing the first; and who is behind the first."""

    part: Part
    entered_by: Code
    entered_person: PersonId | None
    confirmed_by: Code


class ExamRoom(Value):
    """A room of a batch; what it is called stays with evaluation."""

    room: Ordinal
    seats: Count


class Invigilator(Value):
    """Who watches over a room: somebody sent, by their person id, or somebody of the enterprise."""

    invigilator_id: UUID
    sent: bool
    room: Ordinal


class ClauseSigned(Value):
    """A clause, by the hash of what it says."""

    clause: Clause
    hash: Hash


class ClauseToSign(ClauseSigned):
    """A clause of a version, and who is asked to sign it: nobody, when all who do have signed the same before."""

    signers: tuple[Signer, ...]


class Deputised(Value):
    """Somebody signed in the place of somebody who was absent; both are users, by id."""

    instead_of: Code
    by: Code
    until: date
    """The last day on which this may be done."""
