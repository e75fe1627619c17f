"""By which server mails leave, from whom, and to which address of ours their links lead."""

from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

PORTS = {"smtp": 25, "smtps": 465}
SECONDS = 20
PERMANENT = 500
"""From this answer on it is no use to try again (RFC 5321)."""


def check_server(url: str) -> str:
    """The same address; `ValueError` when it is none of a mail server."""
    parts = urlsplit(url)
    if url and (parts.scheme not in PORTS or not parts.hostname):
        raise ValueError("not like smtp://user:password@host:587 or smtps://host")
    return url


@dataclass(frozen=True, slots=True)
class Mailing:
    """The server (an URL with user and password), who sends, and the portal's address."""

    server: str
    sender: str
    url: str

    async def send(self, message: EmailMessage) -> bool:
        """Hand it over; false when the server will never take it. Whatever may pass raises."""
        parts = urlsplit(self.server)
        try:
            await aiosmtplib.send(
                message, hostname=parts.hostname, port=parts.port or PORTS[parts.scheme],
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                use_tls=parts.scheme == "smtps", timeout=SECONDS,
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(each.code >= PERMANENT for each in refused.recipients):
                return False
            raise
        except aiosmtplib.SMTPAuthenticationError:
            raise  # the setting is wrong, not the mail
        except aiosmtplib.SMTPResponseException as answer:
            if answer.code >= PERMANENT:
                return False
            raise
        return True
