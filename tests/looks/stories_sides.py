"""What is on the desks of enterprise, college and those who are sent: more accounts, what happens after them."""

from datetime import datetime, timedelta
from uuid import UUID

from faults.house import House
from faults.story import EVALUATION_LINE, a_draft, an_accepted_order, good, sign
from stories import LATER, UNITS, until
from visiting import PASSWORD

from portal.accounts import commands, invitations

ACCOUNTS = (
    ("hr", {"enterprise"}, "jinniu", "李晓梅", True), ("signer", {"enterprise"}, "jinniu", "欧阳志远", False),
    ("newworks", {"enterprise"}, "newworks", "张伟", True), ("emptycollege", {"college"}, "emptycollege", "吴敏", True),
    ("office", {"college"}, "smtc", "郑丽华", True),
)  # fmt: skip
NOBODY_YET = {
    "enterprise_id": "newworks", "credit_code": "91350428MAXXX004XK", "name": "将乐县新材料精密铸造有限公司",
    "division": "350428", "industry": "steel", "shift_pattern": "day", "shift_anchor": "2026-01-05",
}  # fmt: skip


async def tell_sides(house: House) -> None:
    """Organisations with nothing yet, people by name, a class that is taught and one that is examined just now."""
    async with house.services["evaluation"].transactions.begin() as tx:
        await tx.driver.execute("delete from paused")  # `stick` stopped it: what follows is to be carried
    good(await house.client("order-intake", "union").post("/enterprises", json=NOBODY_YET))
    college = {
        "college_id": "emptycollege",
        "name": "福建三明林业职业技能培训中心",
        "division": "350404",
        "kind": "college",
    }
    good(await house.client("instructor-dispatch", "union").post("/colleges", json=college))
    await house.carry()
    portal = house.services["portal"]
    async with portal.transactions.begin() as tx:
        for name, roles, organisation, called, manages in ACCOUNTS:
            made = await commands.make_account(
                tx, name, PASSWORD, roles=roles, organisation=organisation, name=called, manages=manages
            )
            if name == "hr":
                secret = await invitations.invite(
                    tx, made, "jinniu", roles={"enterprise"}, name="Alexandra Constantinopoulou", person=None,
                    manages=False,
                )  # fmt: skip
                house.known["invitation"] = secret
    await teach_and_examine(house)
    await draft_of_two(house)
    await wait_at_the_enterprise(house)
    await wait_at_the_college(house)


async def draft_of_two(house: House) -> None:
    """Its second line has nobody yet."""
    clerk = house.client("order-intake", "enterprise")
    house.known["two"] = await a_draft(
        clerk, LATER, LATER | {"service": "skill_evaluation", "units": []}, people=9
    )
    house.known["submitted_mine"] = order = await a_draft(clerk, LATER, people=7)
    good(await clerk.post(f"/orders/{order}/submit"))
    await house.carry()


async def wait_at_the_enterprise(house: House) -> None:
    """A scheme waits for its confirmation, and one order came back."""
    union = house.client("order-intake", "union")
    clerk = house.client("order-intake", "enterprise")
    order = await a_draft(clerk, LATER, people=5)
    good(await clerk.post(f"/orders/{order}/submit"))
    reasons = [{"code": "order.roster_unclear"}]
    answer = await union.post(f"/orders/{order}/return", json={"reasons": reasons, "note": "请核对乙班人员"})
    house.known["returned"] = order if answer.is_success else house.known["draft"]
    confirm = house.known["to_confirm"] = await an_accepted_order(house, LATER | {"units": UNITS})
    scheme = good(await house.client("scheduling", "union").get(f"/orders/{confirm}/scheme"))
    named = {"version": scheme["version"], "hash": scheme["hash"]}
    good(await house.client("scheduling", "union").post(f"/orders/{confirm}/scheme/approve", json=named))
    await house.carry()


async def wait_at_the_college(house: House) -> None:
    """Offers of a class are open."""
    order = await an_accepted_order(house, LATER | {"units": UNITS})
    await sign(house, order)


async def teach_and_examine(house: House) -> None:
    """On one day a batch is assessed in the morning, not marked yet, and a class is open in the evening."""
    union = house.client("evaluation", "union")
    taught = await an_accepted_order(house, LATER | {"latest": "2027-06-30"})
    await sign(house, taught)
    examined = await an_accepted_order(
        house, EVALUATION_LINE | {"earliest": "2027-05-10", "latest": "2027-08-20"}
    )
    await sign(house, examined)
    asked = {"order_id": taught}
    session = good(await house.client("scheduling", "union").get("/sessions", params=asked))[0]
    planned = {"line": 1, "day": session["slot"]["day"], "band": "am"}
    batch = good(await union.post(f"/orders/{examined}/batches", json=planned))["batch_id"]
    await house.carry()
    college = house.client("instructor-dispatch", "college")
    for offer in good(await college.get("/offers")):
        if offer["order_id"] in {taught, examined}:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    await house.carry()
    await until(house, datetime.fromisoformat(session["slot"]["starts_at"]) + timedelta(minutes=5))
    path = f"/sessions/{session['session_id']}"
    seen = good(await union.get(path))
    await account(house, "lead", {"instructor"}, seen["lead"], "陈明辉")
    good(await house.client("evaluation", "instructor", person=seen["lead"]).post(f"{path}/open"))
    told = good(await union.get(f"/batches/{batch}"))
    for at, person in enumerate(told["assessors"][:2], start=1):
        await account(house, f"assessor{at}", {"assessor"}, person, f"考评员{'一二'[at - 1]}")
    house.known |= {"open_session": session["session_id"], "lead": seen["lead"], "marking": batch}
    await house.carry()


async def account(house: House, name: str, roles: set[str], person: str, called: str) -> None:
    """Of somebody who is sent."""
    async with house.services["portal"].transactions.begin() as tx:
        await commands.make_account(
            tx, name, PASSWORD, roles=roles, organisation="smtc", person=UUID(person), name=called
        )


async def enter_first(house: House) -> None:
    """The first assessor has entered all marks of the theory: the second sees what differs once they enter."""
    union = house.client("evaluation", "union")
    seen = good(await union.get(f"/batches/{house.known['marking']}"))
    one, other = (house.client("evaluation", "assessor", person=each) for each in seen["assessors"][:2])
    people = [each["evaluation_id"] for each in seen["candidates"]]
    marks = [{"evaluation_id": each, "mark": str(58 + 7 * at)} for at, each in enumerate(people)]
    body = {"part": "theory", "marks": marks}
    good(await one.post(f"/batches/{house.known['marking']}/marks", json=body))
    marks[-1] = marks[-1] | {"mark": "88"}
    await other.post(f"/batches/{house.known['marking']}/marks/confirm", json=body)
