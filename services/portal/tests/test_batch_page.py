"""The union's page of a batch: who is not eligible and what would help, what the batch needs, what is due."""

import pytest
from browsing import KEY, PASSWORD, log_in
from story_of_an_order import AnOrder, enterprise

from contracts.values import ServiceLine
from portal.accounts import commands

ORDER = AnOrder("page", "2026-0701", heads=3)
PAGE = f"/evaluation/batches/{ORDER.batch()}"


def candidate(n, **more):
    return {
        "evaluation_id": str(ORDER.session(n)), "worker_id": str(ORDER.worker(n)), "name": f"学员{n}",
        "state": "admitted", "reasons": [], "entered": [], "differ": [], "differences": [], "confirmed": [],
        "parts": [], "passed": None,
        "attempt": 1, "objection": False,
    } | more  # fmt: skip


REFUSED = candidate(
    0,
    state="refused",
    reasons=[{"code": "admission.no_route", "figures": {"rule_set": "2018", "routes": 3, "years": 1}}],
    routes=[
        {
            "code": "2018-l4-c", "rule_set": "2018", "zh": "取得毕业证书", "en": "A diploma", "source": "public fact",
            "confidence": "high", "lacks": [
                {
                    "reason": {"code": "admission.diploma_missing", "figures": {"diploma": "vocational"}},
                    "supplied_by": "worker",
                },
            ],
        },
    ],
    evidence=[
        {"told": {"kind": "title", "title": "mid", "since": "2025-01-01"}, "paper": "copy", "seen_on": "2026-05-20"}
    ],
)  # fmt: skip
DIFFERING = candidate(
    1,
    differ=["theory"],
    entered=["practical"],
    differences=[
        {
            "part": "theory", "first": "90", "second": "70", "wide": True, "first_failed": [], "second_failed": [],
        }
    ],
    carried=[],
)  # fmt: skip
UNSAFE = candidate(
    2,
    state="assessed",
    parts=[{"part": "theory", "mark": None}, {"part": "practical", "mark": "95"}],
    passed=False,
    failed=["electrician-earth"],
    objection=True,
    answer_by="2026-05-27",
)
BATCH = {
    "batch_id": str(ORDER.batch()), "order_id": str(ORDER.order_id), "line": 1, "occupation": "6-31-01-03",
    "level": "L4", "slot": {"day": "2026-05-26", "band": "am"}, "parts": ["theory", "practical"], "state": "marking",
    "posted_on": None, "objections_until": None, "assessors": [], "wanted": 3, "barred": [],
    "candidates": [REFUSED, DIFFERING, UNSAFE],
    "starred": [{"code": "electrician-earth", "zh": "保护接地（接零）连接可靠", "en": "Protective earth holds"}],
    "arranged": {
        "rooms": [{"room": 1, "name": "一号车间", "seats": 30}],
        "invigilators": [{"room": 1, "person_id": None, "name": "王某"}],
        "needs": [
            {"what": "seats", "there": 30, "wanted": 2, "room": None},
            {"what": "invigilators", "there": 1, "wanted": 2, "room": 1},
        ],
        "against": [{"code": "invigilator.same_enterprise", "figures": {}}],
    },
}  # fmt: skip
WORDS = {
    "zh": (
        "2018 年规则的 3 种途径都不符合", "取得毕业证书", "没有毕业证书（技工学校或中等职业学校）（由本人提供）",
        "职称：中级（2025-01-01）：加盖公章的复印件", "理论：两人评分相差 20 分", "未通过安全否决项：保护接地",
        "监考员（一号车间）", "缺 1", "企业人员不得监考", "学员2 的异议须在", "准予缓考", "★ 保护接地",
    ),
    "en": (
        "none of the 3 routes", "A diploma", "No diploma is shown (vocational school) (the worker can show it)",
        "professional title: mid", "the two marks are 20 points apart", "failed the safety item: Protective earth",
        "invigilators (一号车间)", "1 missing", "objection of 学员2 to be answered by", "Reason for the absence",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
async def union(portal):
    line = ORDER.lines()[0].model_copy(update={"service": ServiceLine.SKILL_EVALUATION})
    told = [fact.model_copy(update={"lines": (line,)}) for fact in (ORDER.submitted(), ORDER.accepted())]
    await portal.deliver(enterprise(), *told, ORDER.planned())
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, "union-page", PASSWORD, roles={"union"}, organisation="smftu", name="王"
        )
    return await log_in(portal, "union-page")


async def test_it_says_what_is_missing_needed_and_due(union, asked):
    asked({f"/batches/{ORDER.batch()}": BATCH})
    for language, words in WORDS.items():
        page = (await union.get(PAGE, params={"lang": language})).text
        assert [each for each in words if each not in page] == []


async def test_its_forms_say_to_evaluation_what_was_typed_or_why_not(union, asked):
    sent = asked({f"/batches/{ORDER.batch()}": BATCH})

    async def post(path, **form):
        (key, *_) = KEY.findall((await union.get(PAGE, params={"lang": "zh"})).text)
        return await union.post(f"{PAGE}/{path}", data={"key": key, **form})

    one, second = REFUSED["evaluation_id"], DIFFERING["evaluation_id"]
    paper = {"paper": "original", "seen_on": "2026-05-20", "since": "", "years": ""}
    assert (await post(f"evidence/{one}", about="diploma.vocational", **paper)).status_code == 303
    assert (
        await post("rooms", **{"room-1": "一号车间", "seats-1": "30", "name-1": "王某", "in-1": "1"})
    ).status_code == 303
    assert (await post(f"excuse/{one}", reason="excused.illness")).status_code == 303
    wrong = await post("second", part="practical", **{f"mark-{second}": "100.5"})
    assert (wrong.status_code, "不是 0–100 的成绩" in wrong.text) == (422, True)
    assert 'value="100.5"' in wrong.text
    stranger = await post("second", part="practical", **{f"mark-{ORDER.order_id}": "60"})
    assert stranger.status_code == 422
    typed = {f"mark-{second}": "88", f"star-{second}_electrician-earth": "1"}
    assert (await post("second", part="practical", **typed)).status_code == 303
    assert sent == [
        (
            f"/evaluations/{one}/evidence",
            {
                "told": {"kind": "diploma", "related": True, "diploma": "vocational"},
                "paper": "original",
                "seen_on": "2026-05-20",
            },
        ),
        (
            f"/batches/{ORDER.batch()}/rooms",
            {
                "rooms": [{"name": "一号车间", "seats": "30"}],
                "invigilators": [{"room": 1, "person_id": None, "name": "王某"}],
            },
        ),
        (f"/evaluations/{one}/excuse", {"reason": {"code": "excused.illness"}}),
        (
            f"/batches/{ORDER.batch()}/marks/confirm",
            {
                "part": "practical",
                "marks": [{"evaluation_id": second, "mark": "88", "failed": ["electrician-earth"]}],
            },
        ),
    ]
