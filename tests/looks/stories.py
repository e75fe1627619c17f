"""What is on the desks while somebody looks at them: more than one order, in several states."""

from itertools import count, islice

from faults.house import House
from faults.story import HEAD, LINE, a_number, an_enterprise, good

UNITS = ["el5-safety", "el5-basics", "el5-wiring"]
NUMBERS = count(5001)
SURNAMES, GIVEN = "林陈黄郑吴张王李", "志强建明美玲伟芳国栋丽萍"


async def tell(house: House) -> None:
    """A works of four crews with a draft that was changed by hand."""
    union = house.client("order-intake", "union")
    works = an_enterprise(
        enterprise_id="fjzc",
        credit_code="91350481MAXXX0031K",
        name="福建省永安轴承有限责任公司",
        shift_pattern="4x3",
    )
    good(await union.post("/enterprises", json=works))
    order = house.known["drafted"] = await an_order(house, LINE | {"units": UNITS, "bands": ["am", "pm"]}, 96)
    await change_by_hand(house, order)


async def an_order(house: House, line: dict[str, object], heads: int) -> str:
    """Accepted, its draft on the union's desk."""
    clerk = house.client("order-intake", "enterprise", organisation="fjzc")
    told = {"programme": "send-teachers-home", "lines": [line]}
    order: str = good(await clerk.post("/orders", json=told))["order_id"]
    rows = [
        f"{SURNAMES[n % 8]}{GIVEN[n % 7]}{GIVEN[n % 11]},{a_number(n)},{'ABCD'[n % 4]},8,"
        for n in islice(NUMBERS, heads)
    ]
    file = {"file": ("花名册.csv", "\r\n".join([HEAD, *rows]).encode())}
    good(await clerk.post(f"/orders/{order}/lines/1/roster?take=true", files=file))
    good(await clerk.post(f"/orders/{order}/submit"))
    good(await house.client("order-intake", "union").post(f"/orders/{order}/accept"))
    await house.carry()
    return order


async def change_by_hand(house: House, order: str) -> None:
    """Two sessions of two cohorts at each other's time, one pinned."""
    scheduling = house.client("scheduling", "union")
    sessions = good(await scheduling.get(f"/orders/{order}/scheme"))["sessions"]
    pin = {"do": "pin", "session_id": sessions[1]["session_id"]}
    good(await scheduling.post(f"/orders/{order}/scheme/changes", json={"changes": [pin]}))
    for other in reversed(sessions[1:]):
        swap = {"do": "swap_people", "session_id": sessions[0]["session_id"], "other_id": other["session_id"]}
        looked = good(await scheduling.post(f"/orders/{order}/scheme/changes/look", json={"changes": [swap]}))
        if looked["sessions"] and not looked["breaks"]:
            good(await scheduling.post(f"/orders/{order}/scheme/changes", json={"changes": [swap]}))
            break
    await house.carry()
