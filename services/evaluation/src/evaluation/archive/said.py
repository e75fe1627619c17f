"""What every file for others says alike: a person, a part, a way of signing in. In Chinese, as filing rules are."""

from collections.abc import Mapping, Sequence

from contracts.values import Attendance, Guest, WorkerId
from evaluation.delivery.present import Standing
from evaluation.delivery.session import Confirmed
from evaluation.neighbours import Worker

PARTS = {"theory": "理论", "practical": "技能", "review": "综合评审"}
WAYS = {"scan": "本人扫码", "instructor_scan": "教师扫码", "roll_call": "点名", "paper": "纸质签到"}


def way_of(entry: Attendance) -> str:
    """How somebody signed in."""
    return WAYS["paper"] if entry.on_paper else WAYS.get(entry.way, entry.way)


STANDING = {
    Standing.PRESENT: "到课",
    Standing.LATE: "迟到",
    Standing.LEFT_EARLY: "早退",
    Standing.EXCUSED: "请假",
    Standing.ABSENT: "缺课",
}
GUEST = {Guest.WALK_IN: "随班听课", Guest.MAKE_UP: "补课"}
CONFIRMED = {
    None: "",
    Confirmed.ENTERPRISE: "企业确认",
    Confirmed.UNION: "企业逾期未答复，工会代为确认",
    Confirmed.LAPSED: "企业逾期未答复，视为确认",
}


def person(people: Mapping[WorkerId, Worker], worker: WorkerId) -> tuple[str, str]:
    """Name and masked ID number; the number of somebody unknown."""
    known = people.get(worker)
    return (known.name, known.id_masked) if known else (f"#{str(worker)[:8]}", "")


def standing(found: Sequence[Standing], entry: Attendance | None = None) -> str:
    """How an attendance stands, and of a guest which missed session it makes up for."""
    guest = [GUEST[entry.guest]] if entry and entry.guest else []
    made_up = [str(entry.makes_up)] if entry and entry.makes_up else []
    return "、".join([STANDING[each] for each in found] + guest) + "".join(f"（{each}）" for each in made_up)
