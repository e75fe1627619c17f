"""Why a session is not held at a time: every rule that bars the time itself, whoever would teach."""

from scheduling.planner.engine.arrays import Given
from scheduling.planner.engine.state import Plan, window

BAND, EARLY, CLOSED, CAP, ORDER, PACE, ROOM = (
    "the unit is not taught in this band (H1)", "before the cohort's earliest day (H1)",
    "a closed day, or the crew rests (H1, H2)",
    "more minutes of release than the cohort has left (H2)", "the order of the cohort's sessions leaves no day (H3)",
    "the cohort has had its sessions of that week (H3)", "no room is left at the enterprise (H9)",
)  # fmt: skip


def time_barred(given: Given, plan: Plan, s: int, slot: int) -> tuple[str, ...]:
    """Every rule that keeps the session, which is not placed, from this slot; nothing when it fits."""
    k, place = int(given.cohort[s]), int(given.place[s])
    day, band = divmod(slot, given.bands)
    lo, hi = window(given, plan, s, 0)
    minutes = int(given.release[k, slot])
    full = plan.room[place, day] >= given.rooms[place]
    tests = {
        BAND: not given.may[s, band],
        EARLY: day < given.earliest[k],
        CLOSED: minutes < 0 and day >= given.earliest[k],
        CAP: minutes >= 0 and plan.released[k] + minutes > given.release_cap[k],
        ORDER: day >= given.earliest[k] and not lo <= day <= hi,
        PACE: plan.held[k, day // 7] >= given.pace[k],
        ROOM: place > 0 and bool((full & (given.pieces[band] > 0)).any()),
    }
    return tuple(rule for rule, fails in tests.items() if fails)
