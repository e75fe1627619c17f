"""Names of people sent and of certificate holders: asked of their owners, encrypted, no part of the read model.

A job asks in bulk (`POST /people`) for whoever is not known yet; an unknown name shows as its number. A worker's
name is kept masked (张*伟): the public check shows no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx
import structlog
from sqlalchemy import Column, String, Table, Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from contracts.base import Envelope
from contracts.evaluation import CertificateIssued
from contracts.instructor_dispatch import InstructorListed
from contracts.masking import masked_name
from contracts.workers import WorkerErased
from portal.boards.house import person_row
from portal.boards.outcomes import certificate_row
from portal.metadata import metadata
from servicekit.db import EncryptedText, Tx
from servicekit.neighbours import Neighbours
from servicekit.timers import Due, Job, Timers, ask_for

log = structlog.get_logger("directory")
named = Table(
    "directory",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", EncryptedText("directory.name"), nullable=False),
    Column("id_number", String),
)
PERSONS, WORKERS = "instructor-dispatch", "order-intake"
CAUSED_BY = {InstructorListed.type: PERSONS, CertificateIssued.type: WORKERS}
UNNAMED = {
    PERSONS: select(person_row.c.person_id).where(person_row.c.person_id.not_in(select(named.c.id))),
    WORKERS: select(certificate_row.c.worker_id)
    .where(certificate_row.c.worker_id.is_not(None), certificate_row.c.worker_id.not_in(select(named.c.id)))
    .distinct(),
}
NAMES = select(named).where(named.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
DROP = delete(named).where(named.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
KEEP = insert(named).on_conflict_do_nothing(index_elements=["id"])


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it may be shown; of workers the masked ID number too."""

    id: UUID
    name: str
    id_number: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to ask about whom."""

    owner: str
    ids: tuple[UUID, ...]
    neighbours: Neighbours


async def ask_for_names(tx: Tx, types: set[str]) -> None:
    """Ask for a job when one of these facts brings somebody whose name may be unknown."""
    for owner in sorted({owner for type_, owner in CAUSED_BY.items() if type_ in types}):
        await ask_for(tx, "directory.fill", key=owner, subject=owner)


async def drop_erased(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Whoever was erased shows as their number: a masked name is kept nowhere else but at evaluation, for files."""
    ids = [UUID(each.subject) for each in envelopes if each.type == WorkerErased.type]
    if ids:
        await tx.execute(DROP, {"ids": ids})


async def names_of(tx: Tx, ids: Sequence[UUID]) -> Mapping[UUID, Named]:
    """The known ones of these people."""
    if not ids:
        return {}
    rows = await tx.execute(NAMES, {"ids": list(ids)})
    return {row.id: Named(row.id, row.name, row.id_number) for row in rows}


def register(timers: Timers) -> None:
    """The job that fills the directory."""
    timers.job("directory.fill")(FillDirectory)


class FillDirectory(Job[Question, list[Named]]):
    """Ask an owner for the names that are missing. An owner who is away is asked again later."""

    async def read(self, tx: Tx, due: Due) -> Question:
        """Who is unnamed."""
        rows = await tx.execute(UNNAMED[due.key])
        return Question(due.key, tuple(row[0] for row in rows), tx.known.neighbours)

    async def compute(self, given: Question) -> list[Named]:
        """Ask. Where an owner refuses, the pages show numbers until the next fact asks; what came before is kept."""
        field = "people" if given.owner == PERSONS else "workers"
        called: list[Named] = []
        try:
            async for each in given.neighbours.people(given.owner, field, given.ids, purpose="display"):
                if given.owner == PERSONS:
                    called.append(Named(UUID(each["person_id"]), each["name"]))
                else:
                    name = masked_name(each["name"])
                    called.append(Named(UUID(each["worker_id"]), name, each.get("id_masked")))
        except httpx.HTTPStatusError as error:
            if error.response.is_server_error and not called:
                raise  # it passes: the job is done again
            log.warning("no names were given", owner=given.owner, status=error.response.status_code)
        except LookupError as error:
            log.warning("nobody to ask for names", owner=given.owner, because=str(error))
        return called

    async def save(self, tx: Tx, due: Due, output: list[Named]) -> None:  # noqa: ARG002  there is one row per person
        """Keep what was answered."""
        rows = [{"id": each.id, "name": each.name, "id_number": each.id_number} for each in output]
        if rows:
            await tx.execute(KEEP, rows)
