"""First act: enterprises, colleges with agreements, the people they send, and an account for everybody."""

from collections.abc import Sequence
from typing import Any

from songjiao_cli.season.people import credit_code, name
from songjiao_cli.season.stage import Listed, PlayedOrder, Stage

_LEVELS = ("L2", "L2", "L1")
"""Levels that the listed people hold, in turn: enough for teaching up to L3."""


async def open_the_house(stage: Stage) -> None:
    """Register everybody who takes part, the season's own and, for a larger scale, copies of them."""
    union = stage.script.union
    stage.coordinator = await stage.account(union, "union", organisation=union, name="协调员（演示）")
    await _enterprises(stage)
    await _colleges(stage)


async def _enterprises(stage: Stage) -> None:
    known = stage.programmes.demo.enterprises
    wanted = list(dict.fromkeys(order.enterprise for order in stage.script.orders))
    copies = [(key, copy) for copy in range(stage.scale) for key in wanted]
    visited_only = stage.script.surveys.enterprises * stage.scale - len(copies)
    total = len(copies) + max(visited_only, 0)
    for number, (key, copy) in enumerate(copies):
        row = known[key]
        enterprise = copied(key, copy)
        await _register(
            stage, enterprise,
            name=f"{row.name_zh}{'' if copy == 0 else f'（演示副本{copy + 1}）'}", name_en=row.name_en,
            division=row.division, shift_pattern=row.shift_pattern, industry=row.industry, pilot=True,
            code=row.uscc_demo if copy == 0 else credit_code(row.division, number),
        )  # fmt: skip
        clerk = await stage.account(
            enterprise, "enterprise", organisation=enterprise, name="培训专员（演示）"
        )
        stage.clerks[enterprise] = clerk
        stage.orders += [
            PlayedOrder(
                copied(order.key, copy), order, enterprise, clerk, copy, pooled=stage.script.pooled(order.key)
            )
            for order in stage.script.orders
            if order.enterprise == key
        ]
        stage.progress("house", number + 1, total)
    divisions = [row.division for row in known.values()]
    for extra in range(max(visited_only, 0)):
        division = divisions[extra % len(divisions)]
        await _register(
            stage, f"visited-{extra + 1}", name=f"走访企业{extra + 1}号（演示）",
            name_en=f"Visited enterprise no. {extra + 1} (demo)", division=division, shift_pattern="day",
            industry="machinery", pilot=False, code=credit_code(division, 5000 + extra),
        )  # fmt: skip
        stage.progress("house", len(copies) + extra + 1, total)


def copied(key: str, copy: int) -> str:
    """The key of a copy at a larger scale; the first keeps its own."""
    return key if copy == 0 else f"{key}-{copy + 1}"


async def _register(
    stage: Stage, enterprise: str, *, name: str, name_en: str, division: str, shift_pattern: str,
    industry: str, pilot: bool, code: str,
) -> None:  # fmt: skip
    await stage.api.call(
        stage.coordinator, "POST", "order-intake", "/enterprises",
        json={
            "enterprise_id": enterprise, "credit_code": code, "name": name, "name_en": name_en,
            "division": division, "industry": industry.split(maxsplit=1)[0], "shift_pattern": shift_pattern,
            "shift_anchor": stage.programmes.rules.planning.shift_anchor.value.isoformat(), "pilot": pilot,
        },
    )  # fmt: skip


async def _colleges(stage: Stage) -> None:
    known = stage.programmes.demo.colleges
    divisions = sorted({row.division for row in known.values()})
    script = stage.script
    total = sum(college.instructors + college.assessors for college in script.colleges) * stage.scale
    for college in script.colleges:
        row = known[college.college]
        await stage.api.call(
            stage.coordinator, "POST", "instructor-dispatch", "/colleges",
            json={
                "college_id": row.id, "name": row.name_zh, "name_en": row.name_en,
                "division": row.division, "kind": "college",
            },
        )  # fmt: skip
        await stage.api.call(
            stage.coordinator, "POST", "instructor-dispatch", f"/colleges/{row.id}/agreements",
            json={
                "union_id": script.union, "valid_from": script.begins.isoformat(),
                "valid_until": script.begins.replace(year=script.begins.year + 1).isoformat(),
                "sessions_total": college.sessions_total * stage.scale,
                "sessions_week": college.sessions_week * stage.scale,
                "target": college.sessions_total * stage.scale // 2,
            },
        )  # fmt: skip
        stage.offices[row.id] = await stage.account(
            row.id, "college", organisation=row.id, name="派师办（演示）"
        )
        for number in range((college.instructors + college.assessors) * stage.scale):
            assessor = number >= college.instructors * stage.scale
            await _list_person(stage, row.id, divisions, number, college.occupations, assessor=assessor)
            stage.progress("people", len(stage.listed), total)


async def _list_person(
    stage: Stage, college: str, divisions: Sequence[str], number: int, occupations: Sequence[str], *,
    assessor: bool,
) -> None:  # fmt: skip
    draw = stage.draw(f"person/{college}/{number}")
    first = number % len(occupations)
    trades = occupations if assessor else [occupations[first], occupations[(first + 1) % len(occupations)]]
    level = _LEVELS[number % len(_LEVELS)]
    qualifications: list[dict[str, Any]] = [
        {"occupation": occupation, "level": level, "assessor": assessor}
        for occupation in dict.fromkeys(trades)
    ]
    own = stage.programmes.demo.colleges[college].division
    called = name(draw)
    answer = await stage.api.call(
        stage.offices[college], "POST", "instructor-dispatch", "/instructors",
        json={
            "name": called, "college_id": college,
            "home": own if draw.random() < 0.7 else draw.choice(divisions),  # noqa: PLR2004  most live near
            "qualifications": qualifications, "most_sessions_day": 2, "most_sessions_week": 6,
        },
    )  # fmt: skip
    stage.listed[answer["person_id"]] = Listed(
        len(stage.listed), college, f"{college}-{number + 1}", f"{called}（演示）", assessor
    )
