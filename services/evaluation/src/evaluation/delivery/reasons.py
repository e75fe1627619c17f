"""A reason of one of the rules' lists (`delivery` in `rules/rules.yaml`). Pure."""

from collections.abc import Collection

from contracts.refusals import Invalid
from contracts.values import Reason


def check_reason(reason: Reason, allowed: Collection[str], refusal: str) -> None:
    """This refusal unless it is of the list; what is allowed is said with it."""
    if reason.code not in allowed:
        raise Invalid(refusal, field="body.reason.code", reason=reason.code, allowed=", ".join(allowed))
