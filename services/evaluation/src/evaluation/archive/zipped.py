"""What a batch's archive and a claim's papers have in common: certificates printed, and a ZIP as an answer."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Response

from contracts.values import CertificateNumber
from evaluation.certificates import commands as certificates
from evaluation.certificates.rules import Certificate
from evaluation.known import known
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.packs import File, pack

ZIP = "application/zip"


@dataclass(frozen=True)
class Zipped:
    """The name of the file, and the ZIP."""

    name: str
    content: bytes

    def answer(self) -> Response:
        """To be kept under its name."""
        said = f"attachment; filename*=UTF-8''{quote(self.name)}"
        return Response(self.content, media_type=ZIP, headers={"Content-Disposition": said})


async def printed(tx: Tx, issued: Iterable[Certificate], *, seen_by: Actor) -> dict[CertificateNumber, bytes]:
    """The PDF of each that holds. Some 15 ms of one core for each, beside the loop."""
    sheets = [
        await certificates.sheet_of(tx, each.certificate_id, seen_by=seen_by) for each in issued if each.valid
    ]
    paper = known(tx).paper
    return await asyncio.to_thread(lambda: {each.number: paper.print(each) for each in sheets})


async def zipped(
    tx: Tx, name: str, about: Mapping[str, str], missing: Sequence[str], files: Sequence[File]
) -> Zipped:
    """The files as a pack that this service signs, made beside the loop."""
    return Zipped(name, await asyncio.to_thread(pack, about, missing, files, known(tx).sign))
