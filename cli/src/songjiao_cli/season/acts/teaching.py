"""Seventh act: sessions opened, signed in to, closed and confirmed; one instructor is ill on the morning."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from uuid_utils import uuid7

from songjiao_cli.season.acts.evaluating import Evaluations
from songjiao_cli.season.acts.offers import accept_all
from songjiao_cli.season.stage import PlayedOrder, Stage

Session = dict[str, Any]
_WAYS = ("scan", "scan", "scan", "instructor_scan", "roll_call")


async def teach(stage: Stage) -> None:
    """All sessions in the order of time, with the evaluations that fall due between them."""
    await _read_sessions(stage)
    absent = _absences(stage)
    taught, ill = 0, stage.script.disturbances.ill_on_the_morning * stage.scale
    evaluations = Evaluations(stage)
    await evaluations.plan_those_without_sessions()
    total = sum(len(played.sessions) for played in stage.orders)
    while True:
        todo = _next(stage)
        if todo is None:
            break
        starts_at, together = todo
        await evaluations.hold_until(starts_at)
        if ill:
            ill -= await _fall_ill(stage, together[0][1], starts_at)
            continue
        await stage.conductor.move_to(starts_at)
        await asyncio.gather(*(_open(stage, played, session, absent) for played, session in together))
        ends_at = max(datetime.fromisoformat(session["slot"]["ends_at"]) for _, session in together)
        await stage.conductor.move_to(ends_at)
        await asyncio.gather(*(_close(stage, played, session) for played, session in together))
        for _, session in together:
            session["held"] = True
        taught += len(together)
        stage.progress("sessions", taught, total)
        await evaluations.plan_where_delivered()
    await evaluations.hold_until(None)


async def _read_sessions(stage: Stage) -> None:
    for played in stage.orders:
        if played.runs:
            held = {session["session_id"] for session in played.sessions if session.get("held")}
            fresh = await stage.api.call(
                stage.coordinator, "GET", "scheduling", "/sessions", params={"order_id": played.order_id}
            )
            played.sessions = [
                {**session, "held": session["session_id"] in held}
                for session in fresh
                if session["state"] != "cancelled"
            ]


def _next(stage: Stage) -> tuple[datetime, list[tuple[PlayedOrder, Session]]] | None:
    """The sessions that begin first of those not held."""
    waiting = defaultdict(list)
    for played in stage.orders:
        for session in played.sessions:
            if not session["held"]:
                waiting[session["slot"]["starts_at"]].append((played, session))
    if not waiting:
        return None
    first = min(waiting, key=datetime.fromisoformat)
    return datetime.fromisoformat(first), waiting[first]


def _absences(stage: Stage) -> dict[str, int]:
    """How many of the cohort are missing at each session: the line's absences, spread over its sessions."""
    missing: dict[str, int] = {}
    for played in stage.orders:
        for number, line in enumerate(played.script.lines, start=1):
            mine = sorted(
                (session for session in played.sessions if session["line"] == number),
                key=lambda session: (session["slot"]["starts_at"], session["position"]),
            )
            for index, session in enumerate(mine):
                share, rest = divmod(line.absences, len(mine))
                missing[session["session_id"]] = share + (index < rest)
    return missing


async def _fall_ill(stage: Stage, session: Session, starts_at: datetime) -> int:
    """On the morning, whoever was to teach this session cannot come; somebody else does, or it moves."""
    await stage.conductor.move_to(starts_at - timedelta(hours=3))
    lead = await lead_of(stage, session)
    await stage.api.call(
        stage.offices[stage.listed[lead].college], "POST", "instructor-dispatch", f"/instructors/{lead}/absences",
        json={
            "starts_at": (starts_at - timedelta(hours=3)).isoformat(),
            "ends_at": (starts_at + timedelta(hours=14)).isoformat(), "reason": "illness",
        },
    )  # fmt: skip
    await accept_all(stage)
    await _read_sessions(stage)
    return 1


async def lead_of(stage: Stage, session: Session) -> str:
    """Who is firm to lead this session."""
    assigned = await stage.api.call(
        stage.coordinator, "GET", "instructor-dispatch", "/assignments",
        params={"session_id": session["session_id"]},
    )  # fmt: skip
    firm = [one["person_id"] for one in assigned if one["role"] == "lead"]
    if len(firm) != 1:
        raise AssertionError(f"session {session['session_id']}: {len(firm)} firm leads")
    return str(firm[0])


async def _open(stage: Stage, played: PlayedOrder, session: Session, absent: dict[str, int]) -> None:
    session["lead"] = await lead_of(stage, session)
    path = f"/sessions/{session['session_id']}"
    lead = await stage.sent(session["lead"])
    await stage.api.call(lead, "POST", "evaluation", f"{path}/open")
    workers = sorted(session["workers"], key=lambda worker: worker not in played.host_people)
    missing = absent[session["session_id"]]
    shift = session["position"] * 7 % len(workers)
    turned = workers[shift:] + workers[:shift]
    starts_at = datetime.fromisoformat(session["slot"]["starts_at"])
    acts = [
        {
            "act_id": str(uuid7()), "worker_id": worker, "at": (starts_at - _before(shift, index)).isoformat(),
            "way": _WAYS[index % len(_WAYS)],
        }
        for index, worker in enumerate(turned[missing:])
    ]  # fmt: skip
    for sent in (acts, acts[: len(acts) // 4]):  # a phone with a bad network sends some of them again
        await stage.api.call(lead, "POST", "evaluation", f"{path}/sign-in", json={"acts": sent})


def _before(shift: int, index: int) -> timedelta:
    """How long before the begin somebody signs in: one after the other, in another order each time."""
    return timedelta(seconds=30 + 11 * index + (shift * 5 + index * 3) % 10)


async def _close(stage: Stage, played: PlayedOrder, session: Session) -> None:
    path = f"/sessions/{session['session_id']}"
    lead = await stage.sent(session["lead"])
    await stage.api.call(lead, "POST", "evaluation", f"{path}/close", json={"report_text": "按计划完成"})
    await stage.api.call(played.clerk, "POST", "evaluation", f"{path}/confirm")
