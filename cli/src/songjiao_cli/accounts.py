"""Whom a person can log in as after the demonstration: of each role somebody with something on their desk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from songjiao_cli.api import Api, NoAnswer, Person, Refusal

PASSWORD = "songjiao-demo"  # noqa: S105  demo accounts, said on the screen
ZONE = ZoneInfo("Asia/Shanghai")
COORDINATOR, ENTERPRISE, COLLEGE = "smftu", "jinniu", "smtc"
"""Who is named when nobody of the role has anything to do: the accounts are called as the organisations."""
WEEKS = timedelta(days=14)
"""How far the page of somebody who is sent looks ahead."""
NOTHING = "暂无待办 nothing waits now"
SENT = (("送教教师 instructor", "lead"), ("考评员 assessor", "assessor"))
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Desk:
    """Somebody to log in as, and what waits for them."""

    who: str
    username: str
    password: str
    waits: str


@dataclass(frozen=True)
class Told:
    """What the services say: accounts, cards of orders, open offers, firm assignments, and the practice's time."""

    accounts: Rows = ()
    cards: Rows = ()
    offers: Rows = ()
    firm: Rows = ()
    now: datetime | None = None


async def demo_accounts(api: Api, admin: Person) -> list[Desk]:
    """As far as the services answer; whoever's password was changed is named all the same."""
    coordinator = Person(COORDINATOR, PASSWORD)
    try:
        told = Told(
            accounts=await api.call(admin, "GET", "portal", "/accounts"),
            cards=await api.call(coordinator, "GET", "portal", "/orders.json"),
            offers=await api.call(coordinator, "GET", "instructor-dispatch", "/offers"),
            firm=await api.call(coordinator, "GET", "instructor-dispatch", "/assignments"),
            now=_moment((await api.call(admin, "GET", "instructor-dispatch", "/practice/quiet"))["now"]),
        )
    except (NoAnswer, Refusal):
        told = Told()
    return [*desks(told), Desk("管理员 administrator", admin.username, admin.password, "")]


def _second(first: Mapping[str, Any], firm: Rows, of_person: Mapping[str, str], waits: str) -> list[Desk]:
    """Somebody else of the same batch: marks are seen by two."""
    other = next(
        (each for each in firm if first.get("batch_id") and each.get("batch_id") == first["batch_id"]
         and each["person_id"] != first["person_id"]), None,
    )  # fmt: skip
    return (
        [Desk("第二考评员 second assessor", of_person[other["person_id"]], PASSWORD, waits)] if other else []
    )


def desks(told: Told) -> list[Desk]:
    """One of each role: of enterprises and colleges the one for which most waits, of those sent who goes next."""
    names = {each["username"] for each in told.accounts}
    turns = Counter(each["enterprise_id"] for each in told.cards if each["waits_for"] == "enterprise")
    asked = Counter(each["college_id"] for each in told.offers if each["state"] in {"offered", "taken"})
    enterprise, college = _busiest(turns, names, ENTERPRISE), _busiest(asked, names, COLLEGE)
    union = sum(each["waits_for"] == "union" for each in told.cards)
    rows = [
        Desk("工会协调员 union coordinator", COORDINATOR, PASSWORD, _orders(union)),
        Desk("企业培训专员 enterprise clerk", enterprise, PASSWORD, _orders(turns[enterprise])),
        Desk("院校派师办 college office", college, PASSWORD, _offers(asked[college])),
    ]
    of_person = {each["person_id"]: each["username"] for each in told.accounts if each["person_id"]}
    for who, role in SENT:
        theirs = [each for each in told.firm if each["role"] == role and each["person_id"] in of_person]
        if theirs:
            one = min(theirs, key=lambda each: _nearness(each, told.now))
            waits = _goes(_starts(one), told.now)
            rows.append(Desk(who, of_person[one["person_id"]], PASSWORD, waits))
            rows += _second(one, theirs, of_person, waits)
    return rows


def _busiest(count: Counter[str], names: set[str], otherwise: str) -> str:
    having = sorted(each for each in count if each in names)
    return max(having, key=lambda each: count[each], default=otherwise)


def _nearness(one: Mapping[str, Any], now: datetime | None) -> tuple[bool, float]:
    """What lies ahead first, the soonest; then what is over, the latest."""
    starts = _starts(one)
    over = now is not None and starts <= now
    return over, -starts.timestamp() if over else starts.timestamp()


def _goes(starts: datetime, now: datetime | None) -> str:
    if now is None or starts <= now:
        return NOTHING
    soon = "" if starts - now <= WEEKS else "（两周以后 in over two weeks）"
    return f"下一场 next goes {starts.astimezone(ZONE):%Y-%m-%d %H:%M}{soon}"


def _orders(count: int) -> str:
    return f"{count} 个订单待办 orders wait: {count}" if count else NOTHING


def _offers(count: int) -> str:
    return f"{count} 个邀约待答 offers wait: {count}" if count else NOTHING


def _starts(one: Mapping[str, Any]) -> datetime:
    return _moment(one["slot"]["starts_at"])


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)
