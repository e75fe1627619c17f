"""What the public takes along to check without us: a certificate's badge, the lists of which hold, the keys."""

from collections.abc import Sequence
from hmac import compare_digest

from contracts.refusals import NotFound
from contracts.values import OrderId
from evaluation.certificates import badge, badge_store, store
from evaluation.certificates.badge import Attended, Claims, Named, Places, Purpose
from evaluation.certificates.rules import Certificate
from evaluation.delivery import commands as delivery
from evaluation.delivery.session import Session
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from servicekit.clock import now
from servicekit.db import Tx


async def badge_of(tx: Tx, number: str, code: str) -> str:
    """The signed badge of a certificate, for whoever has its code; `badge.unknown` for a wrong one too.

    One that does not hold has a badge as well: that it does not hold is told by the lists.
    """
    certificate = await store.by_number(tx, number)
    if certificate is None or not compare_digest(certificate.proof.encode(), code.encode()):
        raise _unknown()
    (claims,) = await claims_of(tx, certificate.order_id, [certificate])
    return await _signed(tx, claims)


async def claims_of(tx: Tx, order_id: OrderId, certificates: Sequence[Certificate]) -> list[Claims]:
    """What the badges of these certificates of one order say; its lessons are read once."""
    sessions, _ = await delivery.taught_to(tx, order_id)
    order = await orders.known(tx, order_id)
    return [
        badge.credential(
            each,
            subject=known(tx).signer.holder(each.evaluation_id),
            named=_named(tx, each),
            attended=_attended(tx, each, order, sessions),
            places=_places(tx),
        )
        for each in certificates
    ]


async def keep_key(tx: Tx) -> None:
    """Whoever is handed a badge finds the key that signed it: kept before it is handed out."""
    await badge_store.keep_key(tx, *known(tx).signer.key())


async def list_of(tx: Tx, issuer: str, series: str, purpose: Purpose) -> str:
    """The signed list of an issuer's certificates of a series that are revoked, or suspended; `badge.unknown`."""
    standing = await store.standing_of(tx, issuer, series)
    if not standing:
        raise _unknown()
    set_ = [
        badge.series_of(number)[1]
        for number, revoked, suspended in standing
        if (revoked if purpose == "revocation" else suspended)
    ]
    claims = badge.status_list(issuer, series, purpose, set_, places=_places(tx), at=await now(tx))
    return await _signed(tx, claims)


async def profile_of(tx: Tx, issuer: str) -> Claims:
    """Who an issuer is; `badge.unknown`."""
    name = await store.name_of_issuer(tx, issuer)
    if name is None:
        raise _unknown()
    return {"@context": [badge.VC, badge.OB], **badge.profile(name, issuer, _places(tx))}


async def did_of(tx: Tx, issuer: str) -> Claims:
    """The DID document of an issuer: every key that ever signed for it; `badge.unknown`."""
    await profile_of(tx, issuer)
    await keep_key(tx)
    return badge.did_document(_places(tx).did(issuer), await badge_store.keys(tx))


async def _signed(tx: Tx, claims: Claims) -> str:
    await keep_key(tx)
    return known(tx).signer.sign(claims, claims["iss"])


def _attended(tx: Tx, certificate: Certificate, order: Order, sessions: Sequence[Session]) -> Attended | None:
    """Of the training for this occupation and level, what the holder was there for: by minutes, whole class-hours."""
    lines = order.training_for(certificate.occupation, certificate.level)
    minutes = {
        each.session_id: one.minutes
        for each in sessions
        if each.line in lines
        for one in each.attended
        if one.worker_id == certificate.worker_id
    }
    if not minutes:
        return None
    days = [each.slot.day for each in sessions if each.session_id in minutes]
    hours = sum(minutes.values()) // known(tx).programmes.rules.class_hour_minutes.value
    return Attended(sessions=len(minutes), class_hours=hours, first=min(days), last=max(days))


def _named(tx: Tx, certificate: Certificate) -> Named:
    programmes, code = known(tx).programmes, certificate.occupation
    occupation, level = programmes.occupations.get(code), programmes.levels[certificate.level]
    return Named(
        occupation=(occupation.name_zh, occupation.name_en) if occupation else (code, code),
        level=(level.name_zh, level.name_en),
    )


def _places(tx: Tx) -> Places:
    return Places(known(tx).public_url, tx.zone)


def _unknown() -> NotFound:
    return NotFound("badge.unknown")
