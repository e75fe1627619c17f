"""Who has signed what of a scheme, and who is asked for what of a version: clause by clause, by hash.

A signature holds for as long as the clause says the same. Giving a version back takes back what was signed since
the version in force: whoever returns it wants it looked at again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.programme import Signatures
from contracts.values import Clause, ClauseSigned, ClauseToSign, Hash, Signer


@dataclass(frozen=True)
class Signature:
    """A side agreed to this clause, with the approval or confirmation of a version."""

    signer: Signer
    clause: Clause
    hash: Hash
    version: int


Signed = tuple[Signature, ...]
"""All that hold, the oldest first; of one side and clause the last counts."""


@dataclass(frozen=True)
class Terms:
    """Who signs what, and when a side's time would be over if its turn began now."""

    signatures: Signatures
    sign_by: Mapping[Signer, datetime]


def to_sign(
    clauses: Mapping[Clause, Hash], signed: Signed, signatures: Signatures
) -> tuple[ClauseToSign, ...]:
    """The clauses of a version, each with who signs it and has not signed just that."""
    last = {(one.signer, one.clause): one.hash for one in signed}
    return tuple(
        ClauseToSign(
            clause=clause,
            hash=hash_,
            signers=tuple(
                signer
                for signer in Signer
                if clause in signatures.of(signer) and last.get((signer, clause)) != hash_
            ),
        )
        for clause, hash_ in clauses.items()
    )


def asked_of(clauses: Iterable[ClauseToSign], signer: Signer) -> tuple[ClauseSigned, ...]:
    """What a side is asked for."""
    return tuple(ClauseSigned(clause=one.clause, hash=one.hash) for one in clauses if signer in one.signers)


def turn(clauses: Iterable[ClauseToSign]) -> Signer:
    """Whose turn it is: the union's first, also when nobody is asked for anything: no version holds by itself."""
    clauses = tuple(clauses)
    only_the_enterprise = asked_of(clauses, Signer.ENTERPRISE) and not asked_of(clauses, Signer.UNION)
    return Signer.ENTERPRISE if only_the_enterprise else Signer.UNION


def with_signed(signed: Signed, signer: Signer, clauses: Iterable[ClauseSigned], version: int) -> Signed:
    """The signatures with those of an approval or confirmation."""
    new = (Signature(signer, one.clause, one.hash, version) for one in clauses)
    return (*signed, *new)


def only_last(signed: Signed) -> Signed:
    """Without those that a later one of the same side and clause replaces."""
    return tuple({(one.signer, one.clause): one for one in signed}.values())


def until(signed: Signed, version: int | None) -> Signed:
    """Those given up to this version; none without one."""
    return tuple(one for one in signed if version is not None and one.version <= version)
