"""A mail is written when it leaves, of what is still to be read then, and handed to the server outside any transaction.

A crash between the server's yes and the note of it sends the mail once more, by the same Message-ID: many programs
show it once. That is the only way to two.
"""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from portal.accounts import people
from portal.accounts.people import Account
from portal.known import known
from portal.mailing import Mailing
from portal.notices import leaving, own
from portal.notices.seen import views_of
from portal.notices.shown import NoticeView
from portal.web.names import names_for
from portal.web.text import Text, language_wanted
from servicekit.clock import now, real_now
from servicekit.db import Tx
from servicekit.timers import Due, Job, Timers

STATES = ("leaving", "sent", "refused", "needless", "too_old", "no_server")
"""What becomes of a mail: sent; never taken by its server; all was read meanwhile; tried for too long; no server."""
OF_MAIL = "select account_id, made_at, state from mail where id = $1"
ENDED = "update mail set state = $2, ended_at = $3 where id = $1 and state = 'leaving'"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is to be handed over, and by whom."""

    message: EmailMessage
    mailing: Mailing


class SendMail(Job[Letter | str, str]):
    """Write and send one mail; what comes out is the state that it ends with."""

    async def read(self, tx: Tx, due: Due) -> Letter | str:
        """The mail, or how it ends without being sent."""
        id_, at = UUID(due.key), await now(tx)
        row = await tx.driver.fetchrow(OF_MAIL, id_)
        mailing, rules = known(tx).mailing, known(tx).programmes.notices.on(at.astimezone(tx.zone).date())
        if row is None or row["state"] != leaving.LEAVING:
            return "needless"
        if mailing is None:
            return "no_server"
        if rules is None or at - row["made_at"] > timedelta(hours=rules.oldest_hours):
            return "too_old"
        account, wish = (
            await people.still_there(tx, row["account_id"]),
            await leaving.wish_of(tx, row["account_id"]),
        )
        groups = [group for group in await own.of_mail(tx, id_) if group.open]
        if account is None or wish is None or wish.address is None or not groups:
            return "needless"
        text = Text(language_wanted(account.language), tx.zone)
        views = await views_of(tx, groups, await names_for(tx, text), account.roles)
        return Letter(written(id_, account, wish.address, views, text, mailing), mailing)

    async def compute(self, given: Letter | str) -> str:
        """Hand it over; whatever may pass raises, and is tried again after a growing pause."""
        if isinstance(given, str):
            return given
        return "sent" if await given.mailing.send(given.message) else "refused"

    async def save(self, tx: Tx, due: Due, output: str) -> None:
        """Note it, once."""
        await tx.driver.execute(ENDED, UUID(due.key), output, await now(tx))


def written(
    id_: UUID, account: Account, address: str, views: list[NoticeView], text: Text, mailing: Mailing
) -> EmailMessage:
    """The mail: a line for each group, and where it is done."""
    message = begun(id_, address, text, mailing)
    message["Subject"] = text("mail.subject", first=views[0].text, count=len(views))
    parts = [text("mail.dear", name=account.name)]
    for view in views:
        said = (view.text, view.about, view.times, view.by, f"{mailing.url}{view.url}")
        parts.append("\n".join(line for line in said if line))
    parts.append(text("mail.foot", url=f"{mailing.url}/account"))
    message.set_content("\n\n".join(parts) + "\n")
    return message


def begun(id_: UUID, address: str, text: Text, mailing: Mailing) -> EmailMessage:
    """A mail of ours to this address, without its subject and words; the same id gives the same Message-ID."""
    message = EmailMessage()
    message["From"], message["To"] = mailing.sender, address
    message["Date"] = format_datetime(real_now())
    message["Message-ID"] = f"<{id_}@{mailing.sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "zh-CN" if text.language == "zh" else "en"
    return message


def register(timers: Timers) -> None:
    """The job that sends a mail."""
    timers.job(leaving.SEND)(SendMail)
