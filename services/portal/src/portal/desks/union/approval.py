"""What follows when the union approves the version on its desk, told before it does. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.desks.union.signatures import ClauseSeen
from portal.web.names import Names

UNION, ENTERPRISE = "union", "enterprise"


@dataclass(frozen=True)
class Follows:
    """One thing that follows, and its colour."""

    kind: str
    text: str


@dataclass(frozen=True)
class Approval:
    """The bar beneath the timetable: what can be done with the version, and what follows."""

    version: int
    hash: str
    follows: tuple[Follows, ...]
    can_approve: bool
    can_give_back: bool
    can_redraft: bool
    reasons: tuple[tuple[str, str], ...]
    """Codes for which it can be given back, in words."""


def approval_of(
    state: str,
    version: int,
    hash_: str | None,
    clauses: Sequence[ClauseSeen],
    *,
    sessions: int,
    unplaced: int,
    examination: bool,
    in_force: bool,
    drafting: bool,
    programme: str,
    names: Names,
) -> Approval:
    """A draft can be approved or given back; after that another draft can be asked for."""
    drafted = state == "drafted" and hash_ is not None
    return Approval(
        version=version,
        hash=hash_ or "",
        follows=tuple(
            _follows(
                hash_ or "",
                clauses,
                sessions,
                unplaced,
                examination=examination,
                in_force=in_force,
                names=names,
            )
        )
        if drafted
        else (),
        can_approve=drafted and not unplaced,
        can_give_back=drafted,
        can_redraft=state == "declined" and not drafting,
        reasons=reasons_of(programme, names),
    )


def reasons_of(programme: str, names: Names) -> tuple[tuple[str, str], ...]:
    """For which the programme lets a scheme be given back."""
    found = names.programmes.programmes.get(programme)
    return tuple((code, names.reason(code, {})) for code in found.return_reasons) if found else ()


def _follows(
    hash_: str,
    clauses: Sequence[ClauseSeen],
    sessions: int,
    unplaced: int,
    *,
    examination: bool,
    in_force: bool,
    names: Names,
) -> Iterable[Follows]:
    text = names.text
    if unplaced:
        yield Follows("red", text("approval.unplaced", count=unplaced))
    yield Follows("teal", text("approval.signs", clauses=_named(clauses, UNION, names), hash=hash_[:8]))
    asked = _named(clauses, ENTERPRISE, names)
    yield Follows(
        "blue",
        text("approval.enterprise_signs", clauses=asked) if asked else text("approval.enterprise_confirms"),
    )
    if examination:
        yield Follows("", text("approval.examination"))
    elif in_force:
        yield Follows("", text("approval.offers_again"))
    elif sessions or unplaced:
        yield Follows("", text("approval.offers", count=sessions))


def _named(clauses: Iterable[ClauseSeen], side: str, names: Names) -> str:
    asked = [each.clause for each in clauses if any(s.signer == side and s.asked for s in each.signatures)]
    comma = "、" if names.text.language == "zh" else ", "
    return comma.join(names.text(f"clause.{clause}") for clause in asked)
