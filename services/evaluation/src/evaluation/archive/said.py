"""What every file for others says alike: a person, a part, a way of signing in. In Chinese, as filing rules are."""

from collections.abc import Mapping

from contracts.values import WorkerId
from evaluation.delivery.session import Confirmed
from evaluation.neighbours import Worker

PARTS = {"theory": "理论", "practical": "技能", "review": "综合评审"}
WAYS = {"scan": "本人扫码", "instructor_scan": "教师扫码", "roll_call": "点名"}

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
