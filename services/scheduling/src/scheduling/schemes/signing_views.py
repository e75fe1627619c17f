"""The clauses of a version as they are shown: who signed which hash when, and who is still asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from contracts.scheduling import SchemeApproved, SchemeConfirmed
from contracts.values import Clause, ClauseToSign, Deputised, Hash, Signer
from scheduling.known import known
from scheduling.schemes import rules
from scheduling.schemes.signing import Signed
from scheduling.schemes.store import Stored, Version
from servicekit.db import Tx
from servicekit.facts import Recorded, read_story


@dataclass(frozen=True)
class Pen:
    """Who signed for a side, and when."""

    by: str | None
    at: datetime
    deputy: Deputised | None


Pens = Mapping[tuple[Signer, int], Pen]
"""By side and version."""


class SignatureView(BaseModel):
    """A side at a clause."""

    signer: Signer
    hash: Hash | None
    """What it signed last of this clause; none = nothing that still holds."""
    version: int | None
    """With which version."""
    by: str | None
    deputy_of: str | None
    """Whose deputy signed; none = in their own name."""
    at: datetime | None
    asked: bool
    """It is asked to sign this clause as it is now."""


class ClauseView(BaseModel):
    """A part of a version that is signed by itself."""

    clause: Clause
    hash: Hash
    signatures: tuple[SignatureView, ...]
    """One of each side that signs this clause."""


async def clauses_of(tx: Tx, stored: Stored, version: Version | None) -> tuple[ClauseView, ...]:
    """Of this version; of an older one nobody is asked for anything."""
    if version is None:
        return ()
    signatures = known(tx).programme(stored.ordered.programme).signatures
    signs = {clause: tuple(s for s in Signer if clause in signatures.of(s)) for clause in Clause}
    asked = rules.to_sign(stored.scheme, version.draft, signatures)
    waits = version.version == stored.scheme.version and stored.scheme.state in rules.PROPOSES
    pens = pens_of(await read_story(tx, stored.scheme.order_id))
    return tuple(_clause(one, signs[one.clause], stored.scheme.signed, pens, waits=waits) for one in asked)


def pens_of(story: Iterable[Recorded]) -> Pens:
    """Who approved and confirmed, and when, as the facts say."""
    found: dict[tuple[Signer, int], Pen] = {}
    for told in story:
        fact, envelope = told.envelope.fact(), told.envelope
        match fact:
            case SchemeApproved():
                found[Signer.UNION, fact.version] = Pen(envelope.actor, envelope.time, fact.deputy)
            case SchemeConfirmed():
                found[Signer.ENTERPRISE, fact.version] = Pen(envelope.actor, envelope.time, fact.deputy)
    return found


def _clause(
    one: ClauseToSign, signs: Iterable[Signer], signed: Signed, pens: Pens, *, waits: bool
) -> ClauseView:
    last = {each.signer: each for each in signed if each.clause is one.clause}

    def by(signer: Signer) -> SignatureView:
        signature = last.get(signer)
        pen = pens.get((signer, signature.version)) if signature else None
        return SignatureView(
            signer=signer,
            hash=signature.hash if signature else None,
            version=signature.version if signature else None,
            by=pen.by if pen else None,
            deputy_of=pen.deputy.instead_of if pen and pen.deputy else None,
            at=pen.at if pen else None,
            asked=waits and signer in one.signers,
        )

    return ClauseView(clause=one.clause, hash=one.hash, signatures=tuple(map(by, signs)))
