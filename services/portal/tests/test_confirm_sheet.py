"""What an enterprise saves of a scheme before it signs says what the page says."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, enterprise

from portal.accounts import commands
from portal.web.text import catalogue

ORDER = AnOrder("sheet", "2026-0720")
WORKS = {
    "name": "某厂", "name_en": None, "division": "350428", "shift_pattern": "4x3", "shift_anchor": "2026-01-05",
    "rooms": 1,
}  # fmt: skip
COST = {"total": "4800.00", "lecture_fees": "0", "travel": "0", "subsidy_expected": "0"}
COHORT = {"letter": "A", "line": 1, "workers": [], "crews": {"A": 3}, "bands": ["am"]}


@pytest.fixture(scope="module")
async def clerk(portal):
    await portal.deliver(enterprise(), ORDER.submitted(), ORDER.accepted())
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, "clerk", PASSWORD, roles={"enterprise"}, organisation="jinniu", name="林"
        )
    return await log_in(portal, "clerk")


async def saved(clerk, asked, **scheme):
    told = {"state": "approved", "version": 1, "hash": "ab" * 32, "cohorts": [], "sessions": [], "cost": COST}
    way = f"/orders/{ORDER.order_id}"
    asked({f"{way}/scheme": told | scheme, "/enterprises/jinniu": WORKS})
    sheet = await clerk.get(f"{way}/confirm.xlsx", params={"lang": "en"})
    return list(openpyxl.load_workbook(BytesIO(sheet.content)).active.values)


def line(n, band):
    return {
        "session_id": str(ORDER.session(n)), "cohort": "A", "position": n, "unit": "el4-control", "mode": "onsite",
        "class_hours": 4, "day": f"{date(2026, 5, 10 + n)}", "band": band, "person_id": None, "division": "350428",
    }  # fmt: skip


async def test_a_session_in_no_wished_band_is_marked(clerk, asked):
    head, wished, other = await saved(clerk, asked, cohorts=[COHORT], sessions=[line(1, "am"), line(2, "pm")])
    remarks = head.index("Remarks")
    assert "not in a band that you wished for" in other[remarks]
    assert "not in a band" not in (wished[remarks] or "")


async def test_who_is_away_when_is_told_by_day_and_hour_whoever_learns(clerk, asked):
    one, other = COHORT, COHORT | {"letter": "B"}
    sessions = [
        line(2, "am"),
        line(1, "eve"),
        line(1, "pm") | {"cohort": "B"},
        line(3, "am") | {"cohort": "B"},
    ]
    never = line(4, "am") | {"day": None, "band": None}
    head, *rows = await saved(clerk, asked, cohorts=[one, other], sessions=[never, *sessions])
    cohorts = [row[head.index("Cohort")] for row in rows]
    assert [name[-1] for name in cohorts] == ["B", "A", "A", "B", "A"]
    assert [bool(row[0]) for row in rows][:4] == [True] * 4


async def test_an_examination_alone_is_said_to_be_one(clerk, asked):
    planned = {"candidates": 5, "earliest": "2026-06-01", "latest": "2026-06-12"}
    head, row = await saved(clerk, asked, evaluation=[planned])
    said = dict(zip(head, row, strict=True))
    assert said["What"] == catalogue("en")["cf.examined_only"]
    assert said["Cost (yuan)"] == "4,800.00"
    assert "5" in row
