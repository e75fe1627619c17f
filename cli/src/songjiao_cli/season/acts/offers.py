"""Sixth act: colleges accept, decline, substitute or let lapse; asked again until all stand."""

from datetime import datetime, timedelta
from typing import Any

from songjiao_cli.api import Refusal
from songjiao_cli.season.stage import Stage

_ROUNDS = 40


async def staff(stage: Stage) -> None:
    """First the disturbances of the script among the offers sent, then yes to the rest, round by round."""
    await _disturb(stage)
    await accept_all(stage)
    await _cancel(stage)


async def open_offers(stage: Stage) -> list[dict[str, Any]]:
    """All offers that wait for an answer, in an order that is the same in every play."""
    offers = await stage.api.call(
        stage.coordinator, "GET", "instructor-dispatch", "/offers", params={"state": "open"}
    )
    waiting = [offer for offer in offers if offer["state"] == "offered"]
    return sorted(waiting, key=lambda o: (o["slot"]["starts_at"], stage.ordinal(o["person_id"])))


async def _disturb(stage: Stage) -> None:
    script = stage.script.disturbances
    offers = await open_offers(stage)
    draw = stage.draw("offers")
    lapse = {o["assignment_id"] for o in draw.sample(offers, min(script.lapsed * stage.scale, len(offers)))}
    others = [offer for offer in offers if offer["assignment_id"] not in lapse]
    declined = draw.sample(others, round(script.declined_share * len(offers)))
    for number, offer in enumerate(declined):
        await stage.api.call(
            stage.offices[offer["college_id"]], "POST", "instructor-dispatch",
            f"/offers/{offer['assignment_id']}/decline", json={"reason": "own_lessons"},
        )  # fmt: skip
        await stage.conductor.quiet()
        stage.progress("declined", number + 1, len(declined))
    await _substitute(stage, lapse)
    await accept_all(stage, but=lapse)
    await stage.conductor.quiet()
    waiting = [offer for offer in await open_offers(stage) if offer["assignment_id"] in lapse]
    if waiting:
        last = max(datetime.fromisoformat(offer["answer_by"]) for offer in waiting)
        await stage.conductor.move_to(last + timedelta(minutes=1))


async def _substitute(stage: Stage, but: set[str]) -> None:
    """Some offices send somebody else: the first of their own whom dispatch lets through."""
    wanted = stage.script.disturbances.substituted * stage.scale
    for offer in await open_offers(stage):
        if not wanted:
            return
        if offer["assignment_id"] in but:
            continue
        own = [one for one, listed in stage.listed.items() if listed.college == offer["college_id"]]
        for person in sorted(own, key=stage.ordinal):
            if person != offer["person_id"] and await _sent_instead(stage, offer, person):
                wanted -= 1
                break


async def _sent_instead(stage: Stage, offer: dict[str, Any], person: str) -> bool:
    try:
        await stage.api.call(
            stage.offices[offer["college_id"]], "POST", "instructor-dispatch",
            f"/offers/{offer['assignment_id']}/substitute", json={"person_id": person},
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status >= 500:  # noqa: PLR2004  a fault is no answer
            raise
        return False
    return True


async def accept_all(stage: Stage, but: frozenset[str] | set[str] = frozenset()) -> None:
    """Each college accepts what waits for it, until nothing waits any more."""
    for _ in range(_ROUNDS):
        await stage.conductor.quiet()
        waiting = [offer for offer in await open_offers(stage) if offer["assignment_id"] not in but]
        if not waiting:
            return
        for college in sorted({offer["college_id"] for offer in waiting}):
            ids = [offer["assignment_id"] for offer in waiting if offer["college_id"] == college]
            await stage.api.call(
                stage.offices[college], "POST", "instructor-dispatch", "/offers/accept",
                json={"assignment_ids": ids},
            )  # fmt: skip
        stage.progress("offers", len(waiting), len(waiting))
    raise AssertionError(f"offers still wait after {_ROUNDS} rounds")


async def _cancel(stage: Stage) -> None:
    for played in stage.orders:
        if "cancelled_after_dispatch" in played.script.happens:
            await stage.api.call(
                played.clerk, "POST", "order-intake", f"/orders/{played.order_id}/cancel",
                json={"reason": {"code": "order.production_peak"}},
            )  # fmt: skip
            await stage.conductor.quiet()
