"""How a certificate stands, in words, and what can be done about it: which act takes which, for which causes."""

from collections.abc import Mapping, Sequence
from typing import Literal

from contracts.programme_rules import RevocationCauses
from portal.desks.evaluation.seen import CertificateSeen
from portal.web.names import Names

Act = Literal["one", "all", "suspend", "reinstate", "reissue", "renew"]
"""Revoke one (the issuer's own cause) or all of the evaluation (its result is void); suspend; lift that; replace;
renew."""
COLOURS = {"valid": "green", "expired": "amber", "suspended": "amber", "revoked": "red", "replaced": "red"}
PATHS: Mapping[Act, str] = {
    "one": "/certificates/{certificate}/revoke",
    "all": "/evaluations/{evaluation}/void",
    "suspend": "/certificates/{certificate}/suspend",
    "reinstate": "/certificates/{certificate}/reinstate",
    "reissue": "/certificates/{certificate}/reissue",
    "renew": "/certificates/{certificate}/renew",
}


def kind_of(one: CertificateSeen) -> str:
    """`valid`, `expired`, `suspended`, `revoked` or `replaced`."""
    if one.revoked_on is not None:
        return "replaced" if one.replaced_by else "revoked"
    if not one.valid:
        return "suspended"
    return "expired" if one.expired else "valid"


def state_of(one: CertificateSeen, others: Sequence[CertificateSeen], names: Names) -> str:
    """The same in words, with day, cause and the number that came in its place."""
    kind, text = kind_of(one), names.text
    day = one.revoked_on or one.suspended_on or (one.valid_until if one.expired else None)
    if kind == "valid" or day is None:
        until = one.valid_until
        return text("certificates.until", day=text.day(until)) if until else text("certificates.valid")
    why = names.reason(one.reason.code, one.reason.figures) if one.reason else "—"
    new = next((each.number for each in others if each.certificate_id == one.replaced_by), "")
    return text(f"certificates.is.{kind}", day=text.day(day), why=why, new=new)


def acts_for(one: CertificateSeen) -> tuple[Act, ...]:
    """What can be done about it now; nothing at its end."""
    if not one.stands:
        return ()
    if one.valid and one.valid_until is not None:
        return ("renew", "reissue", "suspend", "one", "all")
    return ("reissue", "suspend", "one", "all") if one.valid else ("reinstate", "one", "all")


def causes_of(act: Act, causes: RevocationCauses) -> tuple[str, ...]:
    """The programme's for this act."""
    return {
        "one": causes.issuers_own, "all": causes.void_result, "suspend": causes.suspension,
        "reinstate": causes.reinstatement, "reissue": causes.reissue, "renew": causes.renewal,
    }[act]  # fmt: skip


def taken(one: CertificateSeen, act: Act, told: Sequence[CertificateSeen]) -> list[CertificateSeen]:
    """Which certificates the act is about, whatever the cause; the one that was chosen first."""
    others = sisters(one, told) if act == "all" else []
    return [one, *others]


def sisters(one: CertificateSeen, told: Sequence[CertificateSeen]) -> list[CertificateSeen]:
    """The other certificates of the same evaluation that stand."""
    return [
        each for each in told if each.evaluation_id == one.evaluation_id and each.stands and each is not one
    ]
