"""The two letters about an address: the link by which it is confirmed, and the word to the one before it."""

from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.accounts import people
from portal.known import known
from portal.notices import addresses
from portal.notices.leaving import LEAVING
from portal.notices.post import Letter, SendMail, begun
from portal.notices.store import address_letter
from portal.web.text import Text, language_wanted
from servicekit.clock import real_now
from servicekit.db import Tx
from servicekit.timers import Due, Timers

OF_LETTER = select(address_letter).where(address_letter.c.id == bindparam("id"))
ENDED = "update address_letter set state = $2 where id = $1 and state = 'leaving'"


class SendAddressLetter(SendMail):
    """Write and send one of them: a link only as long as it opens."""

    async def read(self, tx: Tx, due: Due) -> Letter | str:
        """The letter, or how it ends without being sent."""
        id_, mailing = UUID(due.key), known(tx).mailing
        row = (await tx.execute(OF_LETTER, {"id": id_})).first()
        if row is None or row.state != LEAVING:
            return "needless"
        account = await people.still_there(tx, row.account_id)
        asked = row.kind == addresses.CONFIRM
        if account is None or (asked and not (row.waits and row.until > real_now())):
            return "needless"
        if mailing is None:
            return "no_server"
        text = Text(language_wanted(account.language), tx.zone)
        found = addresses.Waiting(row.id, row.account_id, row.address, row.until, row.state)
        message = begun(id_, row.address, text, mailing)
        message["Subject"] = text("mail.confirm_subject" if asked else "mail.moved_subject")
        said = (
            [text("mail.confirm_said", until=text.stamp(row.until)), f"{mailing.url}/mail/{found.token}",
             text("mail.confirm_not_you")]
            if asked else [text("mail.moved_said"), text("mail.moved_not_you", url=f"{mailing.url}/account")]
        )  # fmt: skip
        _say(message, [text("mail.dear", name=account.name), *said])
        return Letter(message, mailing)

    async def save(self, tx: Tx, due: Due, output: str) -> None:
        """Note it, once."""
        await tx.driver.execute(ENDED, UUID(due.key), output)


def _say(message: EmailMessage, parts: list[str]) -> None:
    message.set_content("\n\n".join(parts) + "\n")


def register(timers: Timers) -> None:
    """The job that sends one."""
    timers.job(addresses.SEND)(SendAddressLetter)
