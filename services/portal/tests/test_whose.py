"""On a joint order each enterprise's own people count for it: on its board, in the report, in what is certified."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import START, AnOrder, id_of

from contracts import claims, evaluation
from contracts import order_intake as intake
from contracts.values import Trainee, because
from portal.accounts import commands
from portal.boards.joint import JointPeople, joint_people
from portal.boards.joint import board as joint_board
from portal.boards.story import Told
from portal.desks.learnt import learnt_between
from portal.desks.orders import of_own_people, sessions_between
from portal.desks.union.numbers import numbers_of
from portal.migrations import v0004_people_of_joint_orders as v0004
from portal.report import report
from portal.scope import Scope
from portal.web.names import names_for
from portal.web.text import Text
from portal.whose import whose_people

JOINT = AnOrder("joint", "2026-0500", "jinniu", heads=6)
MEMBER = AnOrder("member", "2026-0501", "jxlt", "建新轮胎", heads=2)
EVENING = START + timedelta(hours=20)
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
PEOPLE = tuple(
    Trainee(worker_id=JOINT.worker(n), crew="A", enterprise_id="jxlt" if n in (4, 5) else "jinniu")
    for n in range(6)
)
LINES = {"lines": (JOINT.lines()[0].model_copy(update={"trainees": PEOPLE}),)}


def admitted(n):
    told = {"worker_id": JOINT.worker(n), "evaluation_id": id_of(f"joint/evaluation/{n}")}
    return JOINT.admitted().model_copy(update=told)


def certified(n):
    """All that is said of the certificate of this worker: issued, suspended, lifted, exchanged, the new one revoked."""
    own = {"certificate_id": id_of(f"joint/certificate/{n}"), "number": f"S00003504282600000000{n}"}
    new = {"certificate_id": id_of(f"joint/certificate/{n}/new"), "number": f"S00003504282600000001{n}"}
    why = {"order_id": JOINT.order_id, "reason": because("certificate.issued_in_error")}
    issued = JOINT.issued().model_copy(update=own | {"worker_id": JOINT.worker(n)})
    return [
        issued,
        evaluation.CertificateSuspended(**own, **why, suspended_on=FIRST),
        evaluation.CertificateReinstated(**own, **why, reinstated_on=FIRST),
        issued.model_copy(update=new | {"replaces": own["certificate_id"]}),
        evaluation.CertificateReissued(
            **own, **why, replaced_by=new["certificate_id"], new_number=new["number"], reissued_on=FIRST
        ),
        evaluation.CertificateRevoked(**new, **why, revoked_on=FIRST),
    ]


def claimed(enterprise, n):
    """A claim of this enterprise for this worker, and both ends that one can have."""
    own = {"order_id": JOINT.order_id, "claim_id": id_of(f"joint/claim/{enterprise}")}
    certificate = claims.ClaimedCertificate(
        certificate_id=id_of(f"joint/certificate/{n}"), worker_id=JOINT.worker(n), occupation="6-31-01-03",
        level="L4", fen=150_000,
    )  # fmt: skip
    return [
        claims.ClaimFiled(
            **own, enterprise_id=enterprise, certificates=(certificate,), fen=150_000, place="sanming",
            filed_on=LAST,
        ),
        claims.ClaimSettled(**own, paid_fen=150_000, settled_on=LAST),
        claims.ClaimWithdrawn(**own, certificates=1),
    ]  # fmt: skip


def told_of(facts):
    return [
        Told(
            n,
            uuid4(),
            "evaluation",
            "",
            n,
            fact.type,
            START,
            None,
            None,
            fact.model_dump(mode="json", exclude_none=True),
        )
        for n, fact in enumerate(facts)
    ]


def test_the_story_tells_the_host_and_a_member_nothing_of_the_others_certificates_and_claims():
    accepted = JOINT.accepted().model_copy(update=LINES)
    hosts, members = certified(0) + claimed("jinniu", 0), certified(4) + claimed("jxlt", 4)
    told = told_of([accepted, *hosts, *members])
    of_host, of_member = told[1 : 1 + len(hosts)], told[1 + len(hosts) :]
    assert of_own_people(told, "jinniu") == [told[0], *of_host]
    assert of_own_people(told, "jxlt") == [told[0], *of_member]
    alone = told_of([JOINT.accepted(), *hosts])
    assert of_own_people(alone, "jinniu") == alone, "of an order of its own it reads all"


@pytest.fixture(scope="module")
async def house(portal):
    own = {"order_id": MEMBER.order_id, "joint_id": JOINT.order_id}
    proposed = intake.OrderPoolProposed(
        **JOINT.accepted().model_dump(exclude={"accepted_on", "special_session", "lines"}), **LINES, members=(),
        answer_by=EVENING, proposed_on=START.date(),
    )  # fmt: skip
    await portal.deliver(
        MEMBER.submitted(), proposed, intake.OrderPoolAsked(**own, answer_by=EVENING),
        intake.OrderPoolConsented(**own), JOINT.accepted().model_copy(update=LINES),
        intake.OrderPooled(**own, joint_number="2026-0500", pooled_on=START.date()),
        JOINT.confirmed(), JOINT.scheduled(1), JOINT.scheduled(2), JOINT.opened(1), JOINT.closed(1, there=6),
        JOINT.opened(2), JOINT.closed(2, there=5), JOINT.planned(), admitted(0), admitted(4), admitted(5), at=START,
    )  # fmt: skip
    async with portal.transactions.begin() as tx:
        for name, role, organisation in (
            ("union", "union", "smftu"), ("host", "enterprise", "jinniu"), ("member", "enterprise", "jxlt"),
        ):  # fmt: skip
            await commands.make_account(
                tx, name, PASSWORD, roles={role}, organisation=organisation, name=name
            )
    return portal


@pytest.mark.parametrize(
    ("scope", "heads", "person_times", "admitted"),
    [
        (Scope(everything=True), 6, 11, 3), (Scope(enterprise="jinniu"), 4, 8, 1),
        (Scope(enterprise="jxlt"), 2, 3, 2), (Scope(enterprise="demo01"), 0, 0, 0),
    ],
)  # fmt: skip
async def test_the_report_counts_an_enterprises_own_people(house, scope, heads, person_times, admitted):
    async with house.transactions.begin() as tx:
        found = await report(tx, scope)
    assert (found["heads"], found["person_times"]) == (heads, person_times)
    assert found["evaluations"]["admitted"] == admitted
    if scope.everything:
        by = {name: (row["heads"], row["person_times"]) for name, row in found["by"]["enterprise"].items()}
        assert by == {"jinniu": (4, 8), "jxlt": (2, 3)}


@pytest.mark.parametrize(
    ("enterprise", "heads"), [("jinniu", "4"), ("jxlt", "2"), (None, "6"), ("demo01", "0")]
)
async def test_the_numbers_on_the_board_count_them(house, enterprise, heads):
    scope = Scope(enterprise=enterprise) if enterprise else Scope(everything=True)
    async with house.transactions.begin() as tx:
        sessions = await sessions_between(tx, scope, FIRST, LAST)
        learnt = await learnt_between(tx, sessions, FIRST, LAST, await whose_people(tx, scope))
        names = await names_for(tx, Text("en", tx.zone), scope)
    numbers = numbers_of([], sessions, learnt, names=names, now=START, home="enterprise")
    assert numbers[-1].value == heads


async def test_the_card_says_how_many_are_ones_own(house):
    for name, words in {"union": "6 people, of 2 enterprises", "host": "6 people, 4 of them yours"}.items():
        page = await (await log_in(house, name)).get("/board", params={"lang": "en"})
        assert words in page.text, name
    member = await (await log_in(house, "member")).get("/board", params={"lang": "en"})
    assert "2026-0500" not in member.text


async def test_a_member_fetches_what_its_people_hold_by_its_own_order(house, asked):
    certificate = {
        "certificate_id": str(id_of("joint/certificate")), "name": "某人", "kind": "vocational_skill_level",
        "number": "S000035042826E00001", "demo": True, "occupation": "6-31-01-03", "level": "L5",
        "issued_on": "2026-06-01", "first_issued_on": "2026-06-01",
        "valid": True, "revoked_on": None, "url": "https://certificates.example/c",
    }  # fmt: skip
    asked({"/certificates": [certificate]})
    page = await (await log_in(house, "member")).get("/certificates")
    assert (page.status_code, "S000035042826E00001" in page.text, "2026-0501" in page.text) == (
        200,
        True,
        True,
    )
    assert page.text.count("S000035042826E00001") == 1
    paper = await (await log_in(house, "member")).get("/certificates.xlsx")
    assert paper.status_code == 200


async def test_the_report_has_a_table_of_enterprises(house):
    page = await (await log_in(house, "union")).get("/report", params={"lang": "en"})
    assert "By enterprise" in page.text
    assert "report." not in page.text


@pytest.mark.parametrize(
    ("of", "person_times"), [("?by=enterprise&of=jinniu", 8), ("?by=enterprise&of=jxlt", 3), ("", 11)]
)
async def test_the_sessions_behind_a_figure_add_up_to_it(house, of, person_times):
    page = (await (await log_in(house, "union")).get(f"/report/rows{of}")).text
    sums = dict(re.findall(r'data-sum="(\w+)" data-value="([^"]*)"', page))
    assert int(sums["person_times"]) == person_times


async def test_orders_from_before_have_their_people_by_the_migration(house):
    async with house.transactions.begin() as tx:
        before = await joint_board.read(tx, [JOINT.order_id])
        await tx.execute(joint_people.delete())
        await tx.driver.execute(v0004.FILL)
        after = await joint_board.read(tx, [JOINT.order_id])
    assert before == after
    assert before[JOINT.order_id] == JointPeople(
        JOINT.order_id,
        {
            "jinniu": tuple(str(JOINT.worker(n)) for n in range(4)),
            "jxlt": tuple(str(JOINT.worker(n)) for n in (4, 5)),
        },
    )
