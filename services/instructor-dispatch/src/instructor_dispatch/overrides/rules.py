"""When a rule may be put aside, and whether it still is. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.overrides import OverrideGranted, OverrideWithdrawn
from contracts.refusals import Conflict, Invalid
from contracts.values import OverrideId, PersonId, Reason, ReasonCode, because
from staffing.overrides import WAIVABLE, Names, Waiver
from staffing.rulebook import Rulebook

WHY = "override."
"""With this a coordinator's reasons begin, which are data of the rules."""


class OverrideState(StrEnum):
    """Whether it counts."""

    IN_FORCE = "in_force"
    OVER = "over"
    """Its last day has passed."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Override:
    """A rule put aside by name. The coordinator's own words are not here: they are in no fact."""

    override_id: OverrideId
    rule: ReasonCode
    duty_id: UUID | None
    is_batch: bool
    person_id: PersonId | None
    reason: Reason
    valid_until: date
    granted_by: str
    granted_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    def state(self, today: date) -> OverrideState:
        """As of a day."""
        if self.withdrawn_at is not None:
            return OverrideState.WITHDRAWN
        return OverrideState.IN_FORCE if today <= self.valid_until else OverrideState.OVER

    def waiver(self) -> Waiver:
        """What the shared rules need of it."""
        return Waiver(self.rule, self.valid_until, self.duty_id, self.person_id)


def why(book: Rulebook, reason: str, note: str) -> Reason:
    """`production` -> `override.production`; `override.unknown_reason` when the rules do not know it,
    `override.says_nothing` when it needs the coordinator's own words and there are none.
    """
    known = book.programmes.rules.overrides.reasons.value
    if reason not in known:
        raise Invalid("override.unknown_reason", field="reason", known=", ".join(known))
    if reason in book.programmes.rules.overrides.in_own_words.value and not note.strip():
        raise Invalid("override.says_nothing", field="note")
    return because(f"{WHY}{reason}")


def grant(asked: OverrideGranted, others: Collection[Override], book: Rulebook, *, today: date) -> None:
    """Whether the rule may be put aside so; refuses what could not be meant, or stands already."""
    names = WAIVABLE.get(asked.rule)
    if names is None:
        raise Invalid("override.rule_stands", field="rule", rule=asked.rule, known=", ".join(WAIVABLE))
    if asked.session_id is not None and asked.batch_id is not None:
        raise Invalid("override.names_two", field="batch_id")
    duty_id = asked.session_id or asked.batch_id
    if names is Names.PERSON and asked.person_id is None:
        raise Invalid("override.names_nobody", field="person_id")
    if names is Names.DUTY and duty_id is None:
        raise Invalid("override.names_no_session", field="session_id")
    if duty_id is None and asked.person_id is None:
        raise Invalid("override.names_neither", field="session_id")
    if asked.valid_until < today:
        raise Invalid("override.over", field="valid_until", valid_until=str(asked.valid_until))
    most = book.programmes.rules.overrides.most_days.value
    if asked.valid_until > today + timedelta(days=most):
        raise Invalid("override.too_long", field="valid_until", most=most)
    for each in others:
        same = (each.rule, each.duty_id, each.person_id) == (asked.rule, duty_id, asked.person_id)
        if same and each.state(today) is OverrideState.IN_FORCE and each.valid_until >= asked.valid_until:
            raise Conflict("override.stands", valid_until=str(each.valid_until))


def evolve(
    before: Override | None, fact: OverrideGranted | OverrideWithdrawn, *, by: str, at: datetime
) -> Override:
    """The override after the fact; who and when stand around the fact."""
    if isinstance(fact, OverrideGranted):
        return Override(
            override_id=fact.override_id,
            rule=fact.rule,
            duty_id=fact.session_id or fact.batch_id,
            is_batch=fact.batch_id is not None,
            person_id=fact.person_id,
            reason=fact.reason,
            valid_until=fact.valid_until,
            granted_by=by,
            granted_at=at,
        )
    if before is None:
        raise TypeError(f"{fact.type} before the override")
    return replace(before, withdrawn_by=by, withdrawn_at=at)


def withdraw(override: Override, *, today: date) -> OverrideWithdrawn:
    """The rule counts again from now on."""
    match override.state(today):
        case OverrideState.WITHDRAWN:
            raise Conflict("override.withdrawn")
        case OverrideState.OVER:
            raise Invalid("override.over", valid_until=str(override.valid_until))
    return OverrideWithdrawn(override_id=override.override_id)
