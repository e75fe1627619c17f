"""What is done about sign-in sheets: listed, printed, looked at when they come back, entered."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.refusals import Refused
from contracts.values import SessionId, Way, WorkerId
from evaluation import actors, directory
from evaluation.delivery import commands as delivery
from evaluation.delivery import on_paper
from evaluation.delivery.acts import Taken
from evaluation.delivery.commands import Answer, Session, SignIn
from evaluation.delivery.rules import check_lead
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.sheets import rules, table
from evaluation.sheets.printed import SignInSheet, printed
from evaluation.sheets.rules import Entry, Line, Read
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.sheets.reading import read_sheets


@dataclass(frozen=True)
class Listed:
    """A session's sheet: who stands at which number, who is signed in, and what else was told of them."""

    session: Session
    lines: tuple[Line, ...]
    check: str
    signed: dict[WorkerId, SignIn]
    again: dict[WorkerId, list[SignIn]]
    lacks: dict[WorkerId, str] = field(default_factory=dict)
    """Characters of a name that no font here has, of those whose name has some: to be written in by hand."""


@dataclass(frozen=True)
class Judged:
    """A line that was read, what became or would become of it, and the minutes that count."""

    read: Read
    answer: Answer
    minutes: int | None = None


async def listed(tx: Tx, session_id: SessionId, *, seen_by: Actor) -> Listed:
    """The sheet as it stands now, for the lead and the union; `session.unknown`, `session.another_lead`."""
    session = await delivery.session_for(tx, session_id, seen_by=seen_by)
    if not seen_by.may("union"):
        check_lead(session, actors.person_of(seen_by))
    found = await _listed(tx, session, seen_by)
    paper = known(tx).paper
    told = await asyncio.to_thread(lambda: {each.worker_id: paper.lacks(each.name) for each in found.lines})
    return replace(found, lacks={worker: lacks for worker, lacks in told.items() if lacks})


async def _listed(tx: Tx, session: Session, seen_by: Actor) -> Listed:
    sheet = await delivery.sheet_of(tx, session, seen_by=seen_by)
    lines = rules.numbered(await directory.names(tx, sheet.cohort))
    return Listed(
        session,
        lines,
        rules.check_sum(known(tx).code_key, session.session_id, lines),
        dict(sheet.signed),
        await on_paper.again(tx, session.session_id),
    )


async def pdf_of(tx: Tx, session_id: SessionId, *, unit: str, lead: str, seen_by: Actor) -> bytes:
    """The sheet as it is printed. What the unit is called and who teaches, the asker knows; numbers stand here."""
    found = await listed(tx, session_id, seen_by=seen_by)
    if not found.lines:
        raise Refused("paper.no_list")
    session, programmes = found.session, known(tx).programmes
    order = await orders.known(tx, session.order_id)
    occupation = programmes.occupations.get(session.occupation)
    level = programmes.levels[session.level]
    starts, ends = (session.local(each) for each in (session.slot.starts_at, session.slot.ends_at))
    sheet = SignInSheet(
        session=str(session_id),
        check=found.check,
        number=order.number,
        enterprise=await orders.name_of(tx, session.enterprise_id),
        occupation=(occupation.name_zh, occupation.name_en) if occupation else (session.occupation, ""),
        level=(level.name_zh, level.name_en),
        unit=unit,
        when=f"{starts[:10]} {starts[11:16]}–{ends[11:16]}",
        hours=session.class_hours,
        lead=lead,
        lines=found.lines,
        ids={id_: each.id_masked for id_, each in (await directory.known_workers(tx, found.lacks)).items()},
    )
    return await asyncio.to_thread(printed, known(tx).paper, sheet, known(tx).public_url)


async def look(
    tx: Tx, session_id: SessionId, entries: Sequence[Entry], mark: str, *, by: Actor, keep: bool = False
) -> list[Judged]:
    """What would become of each line; with `keep` it is so, and what else was told of somebody is noted."""
    session = await on_paper.lock(tx, session_id, by=by)
    found = await _listed(tx, session, by)
    rules.check_same(found.check, mark)
    read = rules.read(found.lines, entries, session.slot)
    acts = [act for each in read if (act := _act(session, each)) is not None]
    merged = await (on_paper.take if keep else on_paper.look)(tx, session, acts)
    answers = {answer.act_id: (act, answer) for act, answer in zip(acts, merged.answers, strict=True)}
    return [_judged(tx, session, each, answers) for each in read]


async def look_at_file(
    tx: Tx, session_id: SessionId, name: str, content: bytes, *, by: Actor
) -> tuple[list[Judged], str]:
    """A filled-in Excel file, line by line, and the mark that it tells; nothing of it is kept."""
    sheets = await asyncio.to_thread(_rows, name, content)
    of = table.told_beside(sheets, table.SESSION_HEADS)
    if of and of != str(session_id):
        raise Refused("paper.another_session")
    mark = table.told_beside(sheets, table.MARK_HEADS)
    entries = table.entries_in(sheets[0] if sheets else [])
    if not entries:
        raise Refused("paper.nobody")
    return await look(tx, session_id, entries, mark, by=by), mark


def _rows(name: str, content: bytes) -> list[Sequence[Sequence[object]]]:
    return [each.rows for each in read_sheets(name, content)]


def _act(session: Session, read: Read) -> SignIn | None:
    if read.line is None or read.at is None:
        return None
    worker = read.line.worker_id
    return SignIn(
        on_paper.act_of(session.session_id, worker),
        worker,
        read.at,
        Way.ROLL_CALL,
        on_paper=True,
        left_at=_early(session, read.left_at),
    )


def _early(session: Session, left_at: datetime | None) -> datetime | None:
    """A time out at the end or after it is no leaving."""
    return left_at if left_at is not None and left_at < session.slot.ends_at else None


def _judged(tx: Tx, session: Session, read: Read, answers: dict[UUID, tuple[SignIn, Answer]]) -> Judged:
    none = on_paper.act_of(session.session_id, read.line.worker_id) if read.line else on_paper.SPACE
    if read.wrong is not None:
        figures = {"no": read.entry.no} if read.wrong.startswith("paper.n") else {}
        return Judged(read, Answer(none, Taken.REFUSED, read.wrong, figures))
    act, answer = answers[none]
    minutes = on_paper.minutes(tx, session, act) if answer.outcome is Taken.TAKEN else None
    return Judged(read, answer, minutes)
