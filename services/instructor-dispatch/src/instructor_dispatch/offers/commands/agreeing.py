"""A college may send somebody, or more than before: what nobody could come to is looked at again."""

from contracts.instructor_dispatch import AgreementSigned
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.offers.commands.gaps import look_again
from instructor_dispatch.reservations import commands as reservations
from servicekit.db import Tx
from servicekit.identity import Actor


async def sign(tx: Tx, signed: AgreementSigned, *, by: Actor) -> None:
    """An agreement holds from its first day on. A wider one is signed for the days after the end of the other."""
    await reservations.hold_choosing(tx)
    position = await colleges.sign_agreement(tx, signed, by=by)
    await look_again(tx, signed.college_id, because=position)
