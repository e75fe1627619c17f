"""Imports that are looked at before they are taken: columns, cells, hidden rows, mending by hand, undo."""

import io
import time
from uuid import UUID

import openpyxl
import pytest

from contracts.refusals import Invalid
from order_intake.rosters.sheet import chosen_columns, find_roster

from ..builders import HEAD, a_csv, a_roster_file, an_excel, an_id_number, some_people
from ..conftest import LINE

NUMBER = an_id_number(7)
SECONDS = 10


def fields_of(found) -> dict[str, int]:
    return {column.field: column.at for column in found.columns if column.field}


@pytest.mark.rules
class TestColumns:
    def test_a_heading_says_what_a_column_holds_and_samples_show_it(self):
        found = find_roster("名单.xlsx", an_excel(some_people(5), titles=["金牛水泥"]))
        assert (found.heading, fields_of(found)["id_number"]) == (2, 1)
        assert found.columns[0].samples == ("王演示", "李演示", "张演示")
        assert found.rows[0][0] == 3

    def test_without_a_heading_the_cells_are_looked_at(self):
        rows = [(at, number, name, f"{crew}班") for at, (name, number, crew, *_) in enumerate(some_people(8))]
        found = find_roster("名单.xlsx", an_excel(rows[1:], head=rows[0]))
        assert fields_of(found) == {"id_number": 1, "name": 2, "crew": 3}
        assert (found.heading, len(found.rows)) == (None, 8)

    def test_somebody_who_knows_better_says_which_columns(self):
        rows = [("王演示", "李演示", NUMBER)]
        content = a_csv(rows, head=("姓名", "主管", "号码"))
        with pytest.raises(Invalid, match=r"roster\.no_heading"):
            find_roster("a.csv", a_csv([("x", "y")], head=("a", "b")))
        found = find_roster("a.csv", content, chosen_columns("name:1,id_number:2"))
        assert dict(found.rows[-1][1]) == {"name": "李演示", "id_number": NUMBER}
        for wrong in ("name:1", "name:x,id_number:2", "name:1,id_number:2,salary:3"):
            with pytest.raises(Invalid, match=r"roster\.columns_wrong"):
                chosen_columns(wrong)

    def test_rows_that_excel_hides_are_read_and_told(self):
        content = io.BytesIO()
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (HEAD, *some_people(4)):
            book.active.append(row)
        book.active.row_dimensions[3].hidden = True
        book.save(content)
        found = find_roster("名单.xlsx", content.getvalue())
        assert (found.hidden, len(found.rows)) == ({3}, 4)
        assert find_roster("a.csv", a_csv(some_people(1))).hidden == set()


async def standing(client, order) -> list[str]:
    return [each["masked"] for each in (await client.get(f"/orders/{order}/trainees")).json()]


async def kept(intake, order) -> int:
    async with intake.transactions.begin() as tx:
        found: int = await tx.driver.fetchval(
            "select (select count(*) from roster_person where order_id = $1)"
            " + (select count(*) from roster_before where order_id = $1)",
            UUID(order),
        )
        return found


class TestImport:
    async def test_what_is_looked_at_is_kept_by_nobody_and_mended_by_hand(self, intake, given, jinniu):
        order = await given.a_draft(people=0)
        people = given.new_people(5)
        people[1] = (people[1][0], int(people[1][1].replace("X", "1")), *people[1][2:])
        people[2] = (people[2][0], people[2][1], "Q", *people[2][3:])
        way = f"/orders/{order}/lines/1/roster"
        answer = await jinniu.post(f"{way}/sheet", files=a_roster_file(people))
        assert answer.headers["cache-control"] == "no-store"
        seen = answer.json()
        assert (seen["taken"], seen["refused"]) == (3, 2), seen
        assert await kept(intake, order) == 0
        rows = [{"row": each["row"], "cells": each["cells"]} for each in seen["rows"]]
        assert seen["rows"][1]["reasons"][0]["code"] == "roster.id_as_number"
        again = (await jinniu.post(f"{way}/look", json={"rows": rows})).json()
        assert again["rows"] == [
            {name: value for name, value in each.items() if name not in {"cells", "hidden"}}
            for each in seen["rows"]
        ]
        rows[2]["cells"]["crew"] = "甲"
        looked = (await jinniu.post(f"{way}/look", json={"rows": rows})).json()
        assert (looked["taken"], looked["rows"][2]["state"]) == (4, "mended")
        assert await kept(intake, order) == 0
        taken = (await jinniu.post(f"{way}/take", json={"rows": rows})).json()
        assert (taken["taken"], taken["refused"]) == (4, 1)
        assert sorted(await standing(jinniu, order)) == sorted(
            "*" * 14 + people[at][1][-4:] for at in (0, 2, 3, 4)
        )

    async def test_an_import_is_taken_back_as_a_whole_until_it_is_asked_for(self, intake, given, jinniu):
        order = await given.a_draft(people=3)
        before = await standing(jinniu, order)
        rows = [
            {"row": at, "cells": {"name": name, "id_number": number, "crew": crew}}
            for at, (name, number, crew, *_) in enumerate(given.new_people(2), start=2)
        ]
        way = f"/orders/{order}/lines/1/roster"
        assert (await jinniu.post(f"{way}/take", json={"rows": rows})).json()["taken"] == 2
        undone = await jinniu.post(f"{way}/undo")
        assert undone.json() == {"taken": 3}, undone.text
        assert await standing(jinniu, order) == before
        again = await jinniu.post(f"{way}/undo")
        assert (again.status_code, again.json()["code"]) == (404, "roster.nothing_to_undo")
        await jinniu.post(f"{way}/take", json={"rows": rows})
        assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
        assert await kept(intake, order) == 2
        assert (await jinniu.post(f"{way}/undo")).status_code == 409

    async def test_what_came_after_an_import_is_not_taken_back_with_it(self, intake, given, jinniu):
        order = await given.a_draft(LINE, LINE | {"line": 2, "service": "skill_evaluation"}, people=3)
        rows = [
            {"row": at, "cells": {"name": name, "id_number": number, "crew": crew}}
            for at, (name, number, crew, *_) in enumerate(given.new_people(2), start=2)
        ]
        way = f"/orders/{order}/lines"
        for line in (1, 2):
            assert (await jinniu.post(f"{way}/{line}/roster/take", json={"rows": rows})).json()["taken"] == 2
        copied = await jinniu.post(f"{way}/2/roster/same-as/1")
        assert copied.json() == {"taken": 2}
        undone = await jinniu.post(f"{way}/2/roster/undo")
        assert (undone.status_code, undone.json()["code"]) == (404, "roster.nothing_to_undo")
        await given.roster(order, given.new_people(4))
        undone = await jinniu.post(f"{way}/1/roster/undo")
        assert (undone.status_code, undone.json()["code"]) == (404, "roster.nothing_to_undo")
        assert len(await standing(jinniu, order)) == 4 + 2

    async def test_what_a_line_had_before_goes_with_the_line(self, intake, given, jinniu):
        order = await given.a_draft(LINE, LINE | {"line": 2, "service": "skill_evaluation"}, people=3)
        (name, number, crew, *_), *_ = given.new_people(1)
        rows = [{"row": 2, "cells": {"name": name, "id_number": number, "crew": crew}}]
        way = f"/orders/{order}/lines/2/roster"
        assert (await jinniu.post(f"{way}/take", json={"rows": rows})).json()["taken"] == 1
        for lines in ([LINE], [LINE, LINE | {"line": 2, "service": "skill_evaluation"}]):
            assert (await jinniu.put(f"/orders/{order}", json={"lines": lines})).status_code == 204
        undone = await jinniu.post(f"{way}/undo")
        assert (undone.status_code, undone.json()["code"]) == (404, "roster.nothing_to_undo")

    async def test_a_draft_goes_with_its_people_and_one_that_was_asked_for_stays(
        self, intake, given, jinniu, bgzb
    ):
        order = await given.a_draft(people=3)
        (name, number, crew, *_), *_ = given.new_people(1)
        rows = [{"row": 2, "cells": {"name": name, "id_number": number, "crew": crew}}]
        await jinniu.post(f"/orders/{order}/lines/1/roster/take", json={"rows": rows})
        assert await kept(intake, order) == 2
        assert (await bgzb.post(f"/orders/{order}/discard")).json()["code"] == "order.unknown"
        before = {"if-match": '"1"'}
        unseen = await jinniu.post(f"/orders/{order}/discard", headers=before)
        assert (unseen.status_code, unseen.json()["code"]) == (409, "version.stale")
        assert (await jinniu.post(f"/orders/{order}/discard")).status_code == 204
        assert await kept(intake, order) == 0
        assert (await jinniu.get(f"/orders/{order}")).status_code == 404
        assert await intake.facts() == []
        order = await given.a_submitted()
        answer = await jinniu.post(f"/orders/{order}/discard")
        assert (answer.status_code, answer.json()["code"]) == (409, "order.not_discardable")

    async def test_an_order_that_ends_takes_no_import_back(self, intake, given, jinniu):
        order = await given.an_accepted(people=3)
        (name, number, crew, *_), *_ = given.new_people(1)
        rows = [{"row": 2, "cells": {"name": name, "id_number": number, "crew": crew}}]
        assert (
            await jinniu.post(f"/orders/{order}/lines/1/roster/take", json={"rows": rows})
        ).status_code == 200
        before = await kept(intake, order)
        reason = {"reason": {"code": "order.no_longer_needed"}}
        assert (await jinniu.post(f"/orders/{order}/cancel", json=reason)).status_code == 204
        assert await kept(intake, order) == before - 1

    async def test_a_season_in_one_file_is_looked_at_in_time(self, given, jinniu):
        order = await given.a_draft(people=0)
        file = {"file": ("season.xlsx", an_excel(some_people(7_400)))}
        begun = time.perf_counter()
        answer = await jinniu.post(f"/orders/{order}/lines/1/roster/sheet", files=file)
        assert answer.json()["taken"] == 7_400
        assert time.perf_counter() - begun < SECONDS
