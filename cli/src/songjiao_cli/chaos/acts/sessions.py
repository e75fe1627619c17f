"""Instructors open, sign in, close; the works confirms."""

import asyncio
from datetime import datetime
from uuid import uuid4

from songjiao_cli.chaos.desk import Desk, Json, Order


async def sessions(desk: Desk, order: Order) -> datetime | None:
    """Open, sign in, close, confirm; the time of what comes next."""
    seen = await desk.ask(desk.house.coordinator, "evaluation", "/sessions", order_id=order.order_id)
    ahead: list[datetime] = []
    for session in seen or []:
        starts, ends = (datetime.fromisoformat(session["slot"][name]) for name in ("starts_at", "ends_at"))
        path = f"/sessions/{session['session_id']}"
        if session["state"] == "planned" and session["lead"]:
            if desk.clock.now < starts:
                ahead.append(starts)
            else:
                await desk.say(await desk.house.sent(session["lead"]), "POST", "evaluation", f"{path}/open")
        elif session["state"] == "open":
            if session["session_id"] not in order.signed:
                await _sign_in(desk, order, session, path)
            elif desk.clock.now < ends:
                ahead.append(ends)
            else:
                lead = await desk.house.sent(session["lead"])
                await desk.say(lead, "POST", "evaluation", f"{path}/close", json={"report_text": "ok"})
        elif session["state"] == "closed":
            await desk.say(order.clerk, "POST", "evaluation", f"{path}/confirm")
    return min(ahead) if ahead else None


async def _sign_in(desk: Desk, order: Order, session: Json, path: str) -> None:
    """Everybody of the cohort, some of the acts sent twice by two phones at once."""
    planned = await desk.ask(desk.house.coordinator, "scheduling", "/sessions", order_id=order.order_id)
    workers = [
        w for each in planned or [] if each["session_id"] == session["session_id"] for w in each["workers"]
    ]
    if not workers:
        return
    at = session["slot"]["starts_at"]
    acts = [{"act_id": str(uuid4()), "worker_id": w, "at": at, "way": "scan"} for w in workers]
    lead = await desk.house.sent(session["lead"])
    sent = [acts, acts[: len(acts) // 2]]
    answers = await asyncio.gather(
        *(desk.say(lead, "POST", "evaluation", f"{path}/sign-in", json={"acts": each}) for each in sent)
    )
    if answers[0] is not None:
        order.signed.add(session["session_id"])
