"""Enterprises: who the federation knows. Their state is the fact itself, whole."""

from collections.abc import Collection

from contracts.order_intake import EnterpriseChanged, EnterpriseFact, EnterpriseRegistered
from contracts.refusals import Conflict, Invalid
from order_intake.enterprises import credit_code


def register(
    wanted: EnterpriseRegistered, *, known: bool, divisions: Collection[str], shift_patterns: Collection[str]
) -> EnterpriseRegistered:
    """A new enterprise, once."""
    if known:
        raise Conflict("enterprise.known", field="enterprise_id", enterprise_id=wanted.enterprise_id)
    check(wanted, divisions, shift_patterns)
    return wanted


def change(
    before: EnterpriseFact,
    wanted: EnterpriseChanged,
    *,
    divisions: Collection[str],
    shift_patterns: Collection[str],
) -> EnterpriseChanged | None:
    """The new whole state; nothing when nothing is different."""
    check(wanted, divisions, shift_patterns)
    return None if dict(before) == dict(wanted) else wanted


def check(wanted: EnterpriseFact, divisions: Collection[str], shift_patterns: Collection[str]) -> None:
    """The credit code holds, and place and shift pattern are known."""
    credit_code.check(wanted.credit_code)
    if wanted.division not in divisions:
        raise Invalid("enterprise.division_unknown", field="division", division=wanted.division)
    if wanted.shift_pattern not in shift_patterns:
        raise Invalid(
            "enterprise.shift_pattern_unknown", field="shift_pattern", shift_pattern=wanted.shift_pattern
        )
