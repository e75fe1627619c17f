"""What is on the desks while somebody looks at them: more than one order, in several states."""

from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from faults.house import PROGRAMMES, House
from faults.story import (
    EVALUATION_LINE,
    HEAD,
    LINE,
    a_draft,
    a_number,
    an_accepted_order,
    an_enterprise,
    good,
    sign,
)

from servicekit.testing import Client

UNITS = ["el5-safety", "el5-basics", "el5-wiring"]
LATER = LINE | {"earliest": "2027-05-10", "latest": "2027-08-20"}
NUMBERS = count(5001)
SURNAMES, GIVEN = "林陈黄郑吴张王李", "志强建明美玲伟芳国栋丽萍"


PARK = """
insert into parked (consumer, subject, sender, sequence, id, type, body, reason, error)
values ($1, $2, 'order-intake', 0, $3, 'scheme.approved.v1', '{}'::bytea, $4, $5)"""
PAUSE = "insert into paused (consumer, reason) values ($1, 'nothing_applied')"


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
    await certify(house)
    await teach(house)
    await wait_for_answers(house)
    await ask(house)
    await stick(house)
    lay_out_files(house)


async def certify(house: House) -> None:
    """Four people were examined, three passed; their certificates are out, and for two the subsidy is claimed."""
    union, order = house.client("evaluation", "union"), await an_accepted_order(house, EVALUATION_LINE)
    await sign(house, order)
    planned = {"line": 1, "day": "2027-03-11", "band": "am"}
    batch = good(await union.post(f"/orders/{order}/batches", json=planned))["batch_id"]
    await house.carry()
    college = house.client("instructor-dispatch", "college")
    for offer in good(await college.get("/offers")):
        if offer["batch_id"] == batch:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    await house.carry()
    seen = good(await union.get(f"/batches/{batch}"))
    await until(house, datetime.fromisoformat(seen["slot"]["starts_at"]) + timedelta(minutes=5))
    people = [each["evaluation_id"] for each in seen["candidates"]]
    seen = good(await union.get(f"/batches/{batch}"))
    assessor = house.client("evaluation", "assessor", person=seen["assessors"][0])
    for part in seen["parts"]:
        body = {
            "part": part,
            "marks": [{"evaluation_id": one, "mark": str(55 + 9 * at)} for at, one in enumerate(people)],
        }
        good(await assessor.post(f"/batches/{batch}/marks", json=body))
        good(await union.post(f"/batches/{batch}/marks/confirm", json=body))
    await until(house, datetime.fromisoformat(seen["slot"]["ends_at"]))
    good(await union.post(f"/batches/{batch}/post"))
    await until(house, datetime.fromisoformat(seen["slot"]["ends_at"]) + timedelta(days=10))
    good(await union.post(f"/batches/{batch}/certificates"))
    await house.carry()
    given = good(await union.get("/certificates", params={"order_id": order}))
    claimed = {"certificates": [one["certificate_id"] for one in given[:2]]}
    good(await house.client("evaluation", "enterprise").post(f"/orders/{order}/claims", json=claimed))
    house.known |= {"certified": order, "certified_batch": batch}
    house.known["certificate"] = given[0]["url"].split("/c/")[1]


async def wait_for_answers(house: House) -> None:
    """An order waits for the union, a scheme for the enterprise, offers for the college, a batch for its marks."""
    clerk = house.client("order-intake", "enterprise")
    house.known["submitted"] = await a_submitted(house, clerk)
    order = house.known["approved"] = await an_accepted_order(house, LATER)
    scheduling = house.client("scheduling", "union")
    scheme = good(await scheduling.get(f"/orders/{order}/scheme"))
    named = {"version": scheme["version"], "hash": scheme["hash"]}
    good(await scheduling.post(f"/orders/{order}/scheme/approve", json=named))
    await house.carry()
    offered = await an_accepted_order(house, LATER | {"units": UNITS})
    await sign(house, offered)


async def a_submitted(house: House, clerk: Client) -> str:
    order = await a_draft(clerk, LATER, people=24)
    good(await clerk.post(f"/orders/{order}/submit"))
    await house.carry()
    return order


async def teach(house: House) -> None:
    """One session was held, the next is open; what fell due meanwhile has happened."""
    college = house.client("instructor-dispatch", "college")
    for offer in good(await college.get("/offers")):
        if offer["session_id"] and offer["order_id"] == house.known["order_id"]:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    asked = {"order_id": house.known["order_id"]}
    for at, session in enumerate(
        good(await house.client("scheduling", "union").get("/sessions", params=asked))
    ):
        await until(house, datetime.fromisoformat(session["slot"]["starts_at"]) + timedelta(minutes=5))
        path = f"/sessions/{session['session_id']}"
        seen = good(await house.client("evaluation", "union").get(path))
        lead = house.client("evaluation", "instructor", person=seen["lead"])
        good(await lead.post(f"{path}/open"))
        acts = [
            {
                "act_id": str(uuid4()),
                "worker_id": row["worker_id"],
                "at": session["slot"]["starts_at"],
                "way": "roll_call",
            }
            for row in seen["rows"][: 3 - at]
        ]
        good(await lead.post(f"{path}/sign-in", json={"acts": acts}))
        await house.carry()
        if at == 0:
            await until(house, datetime.fromisoformat(session["slot"]["ends_at"]) + timedelta(minutes=1))
            good(await lead.post(f"{path}/close"))
            await house.carry()


async def until(house: House, moment: datetime) -> None:
    """It is this time everywhere."""
    await house.carry()
    for service in house.services.values():
        await service.fire_deadlines(moment)
    await house.carry()


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


async def ask(house: House) -> None:
    """A round that asks three enterprises by name: one has answered, one is drafted, one is silent."""
    union = house.client("order-intake", "union")
    told = {"programme": "send-teachers-home", "channel": "online"}
    named = {"closes_on": "2027-06-30", "enterprises": ["jinniu", "fjzc", "bgzb"]}
    good(await union.post("/surveys", json=told | {"round": 2}))
    survey = good(await union.post("/surveys", json=told | named | {"round": 3}))["survey_id"]
    need = {"service": "theory_training", "occupation": "6-31-01-03", "heads": 46, "level": "L4"}
    more = {"service": "skill_evaluation", "occupation": "6-18-02-04", "heads": 12, "shift_pattern": "4x3",
            "problem": "no_long_off_job_training"}  # fmt: skip
    for enterprise, needs in (("fjzc", [need | {"problem": "poor_results"}, more]), ("bgzb", [need])):
        answer = {"enterprise_id": enterprise, "person_times": 18, "needs": needs}
        good(await union.post(f"/surveys/{survey}/answers", json=answer))
    good(await union.post(f"/surveys/{survey}/answers/bgzb/order"))
    house.known["survey_open"] = survey
    everybody = good(await union.get("/surveys"))[0]["survey_id"]
    answer = {"enterprise_id": "jinniu", "person_times": 1, "needs": [more]}
    good(await union.post(f"/surveys/{everybody}/answers", json=answer))
    house.known["survey_answered"] = everybody
    await house.carry()


async def stick(house: House) -> None:
    """Something waits for a person at two services, and a consumer was stopped."""
    for service, order, why in (
        ("scheduling", house.known["order_id"], "gap"),
        ("portal", house.known["drafted"], "poison"),
    ):
        there = house.services[service]
        async with there.transactions.begin() as tx:
            consumer = next(iter(there.service.takings))
            error = "KeyError: 'cohort' in portal/boards/sessions.py, line 84"
            await tx.driver.execute(PARK, consumer, order, uuid4(), why, error)
    there = house.services["evaluation"]
    async with there.transactions.begin() as tx:
        await tx.driver.execute(PAUSE, next(iter(there.service.takings)))


def lay_out_files(house: House) -> None:
    """Answers on paper, and the catalogue changed: once well, once not."""
    place = Path(mkdtemp())
    heading = "企业编号,接触人次,培训项目,职业,目标等级,人数,目前的问题,倒班方式"
    rows = [
        "jinniu,6,理论培训,6-31-01-03,四级,30,培训时间短,四班三运转",
        "fjzc,18,技能评价,6-18-02-04,,12,,",
        "bgzb,18,theory training,6-31-01-03,L4,46,,",
        "fjzc,18,理论培训,电工,九级,一些,,",
    ]
    catalogue = (PROGRAMMES / "catalogue.csv").read_text(encoding="utf-8")
    changed = catalogue.replace("Safe use of electricity,6,3", "Safe use of electricity,9,3")
    changed = changed.replace("el5-wiring", "el5-circuits")
    for name, text in (
        ("paper", "\n".join([heading, *rows])),
        ("catalogue_changed", changed),
        ("catalogue_wrong", changed.replace(",L4,", ",L12,").replace("onsite", "by post", 3)),
    ):
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
        house.known[name] = str(place / f"{name}.csv")
