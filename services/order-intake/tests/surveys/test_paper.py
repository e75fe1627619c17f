"""Answers collected on paper."""

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from order_intake.surveys.sheet import HEADINGS, Row, answers_of

ENGLISH = [words[1] for words in HEADINGS.values()]
CHINESE = [words[0] for words in HEADINGS.values()]
NEED = ["theory training", "6-31-01-03", "L4", 30, "training brings poor results", None]


def a_sheet(heading, *rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, cells in enumerate([["三明市总工会需求调研"], heading, *rows]):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(at, column, cell)
    return {"file": ("answers.xlsx", file.getvalue())}


@pytest.fixture
async def survey(union) -> str:
    test = {"programme": "send-teachers-home", "round": next(ROUND), "channel": "seminar"}
    return (await union.post("/surveys", json=test)).json()["survey_id"]


ROUND = iter(range(5000, 6000))


class TestLookAtSheet:
    async def test_each_row_is_explained_and_nothing_kept(self, intake, union, survey):
        rows = [
            ["jinniu", 12, *NEED],
            ["jinniu", None, "技能评价", "电工", "中级工", "8", None, "四班三运转"],
            ["nobody", 1, *NEED],
            ["bgzb", 3, "theory training", "6-31-01-03", "L4", "many", None, None],
            ["bgzb", 3, *NEED],
            ["visited-1", None, None, None, None, None, None, None],
        ]
        answer = await union.post(f"/surveys/{survey}/paper/look", files=a_sheet(CHINESE, *rows))
        assert answer.status_code == 200, answer.text
        found = answer.json()
        states = [(row["row"], row["state"]) for row in found["rows"]]
        assert states == [(3, "new"), (4, "new"), (5, "refused"), (6, "refused"), (7, "refused")]
        assert "many" in found["rows"][3]["sentences"]["en"]
        assert found["rows"][4]["sentences"]["zh"].startswith("同一企业的另一行有误")
        [taken] = found["answers"]
        assert (taken["enterprise_id"], taken["person_times"]) == ("jinniu", 12)
        assert taken["needs"][1] == {
            "service": "skill_evaluation", "occupation": "6-31-01-03", "heads": 8, "problem": None,
            "level": "L4", "shift_pattern": "4x3",
        }  # fmt: skip
        assert len(await intake.facts(survey)) == 1

    async def test_a_file_without_the_columns_says_which(self, union, survey):
        told = await union.post(f"/surveys/{survey}/paper/look", files=a_sheet(["name", "heads"], ["a", 1]))
        assert (told.status_code, told.json()["code"]) == (422, "survey.sheet_no_heading")
        empty = await union.post(f"/surveys/{survey}/paper/look", files=a_sheet(ENGLISH))
        assert empty.json()["code"] == "survey.sheet_no_rows"


class TestTakeSheet:
    async def test_new_answers_corrections_and_what_is_known_are_taken_together(self, intake, union, survey):
        address = f"/surveys/{survey}/paper"
        looked = await union.post(f"{address}/look", files=a_sheet(ENGLISH, ["jinniu", 12, *NEED]))
        taken = await union.post(f"{address}/take", json={"answers": looked.json()["answers"]})
        assert taken.json() == {"new": 1, "changed": 0, "same": 0}
        more = [["jinniu", 99, *NEED], ["jinniu", 99, *NEED], ["bgzb", 2, *NEED]]
        looked = await union.post(f"{address}/look", files=a_sheet(ENGLISH, *more))
        assert [row["state"] for row in looked.json()["rows"]] == ["meanwhile", "meanwhile", "new"]
        taken = await union.post(f"{address}/take", json={"answers": looked.json()["answers"]})
        assert taken.json() == {"new": 1, "changed": 1, "same": 0}
        again = await union.post(f"{address}/take", json={"answers": looked.json()["answers"]})
        assert again.json() == {"new": 0, "changed": 0, "same": 2}
        assert len(await intake.facts(survey)) == 4
        seen = (await union.get(f"/surveys/{survey}")).json()["survey"]
        assert (seen["enterprises"], seen["person_times"]) == (2, 14)

    async def test_what_was_said_since_the_look_is_not_overwritten(self, intake, union, jinniu, survey):
        address, own = f"/surveys/{survey}/paper", f"/surveys/{survey}/answers"
        sheet = ["jinniu", 12, *NEED], ["bgzb", 2, *NEED]
        need = {"service": "theory_training", "occupation": "6-31-01-03", "heads": 7}
        looked = (await union.post(f"{address}/look", files=a_sheet(ENGLISH, *sheet))).json()
        answer = {"enterprise_id": "jinniu", "person_times": 1, "needs": [need]}
        assert (await jinniu.post(own, json=answer)).status_code == 201
        told = await union.post(f"{address}/take", json={"answers": looked["answers"]})
        assert (told.status_code, told.json()["code"]) == (409, "survey.said_since")
        assert told.json()["parameters"]["enterprises"] == "jinniu"
        looked = (await union.post(f"{address}/look", files=a_sheet(ENGLISH, *sheet))).json()
        corrected = await jinniu.put(f"{own}/jinniu", json={"needs": [need | {"heads": 8}]})
        assert corrected.status_code == 204
        told = await union.post(f"{address}/take", json={"answers": looked["answers"]})
        assert (told.status_code, told.json()["code"]) == (409, "survey.said_since")
        assert len(await intake.facts(survey)) == 3
        looked = (await union.post(f"{address}/look", files=a_sheet(ENGLISH, *sheet))).json()
        taken = await union.post(f"{address}/take", json={"answers": looked["answers"]})
        assert taken.json() == {"new": 1, "changed": 1, "same": 0}

    async def test_a_sheet_says_which_answer_it_was_made_from(self, union, jinniu, bgzb, survey):
        """A correction of what stood in the sheet is one; what was said or withdrawn since is told, with its day."""
        address, own = f"/surveys/{survey}/paper", f"/surveys/{survey}/answers"
        need = {"service": "theory_training", "occupation": "6-31-01-03", "heads": 7}
        for client, enterprise in ((jinniu, "jinniu"), (bgzb, "bgzb")):
            told = {"enterprise_id": enterprise, "person_times": 1, "needs": [need]}
            assert (await client.post(own, json=told)).status_code == 201
        codes = {
            each["enterprise_id"]: each["known"]
            for each in (await union.get(f"/surveys/{survey}")).json()["answers"]
        }
        sheet = [[each, 1, *NEED, codes[each]] for each in ("jinniu", "bgzb")]

        async def states():
            looked = (await union.post(f"{address}/look", files=a_sheet(ENGLISH, *sheet))).json()
            return [(row["state"], row["since"]) for row in looked["rows"]]

        assert await states() == [("changed", None), ("changed", None)]
        await jinniu.put(f"{own}/jinniu", json={"needs": [need | {"heads": 8}]})
        assert await states() == [("meanwhile", "2027-03-01"), ("changed", None)]
        await bgzb.post(f"{own}/bgzb/withdraw")
        assert await states() == [("meanwhile", "2027-03-01"), ("meanwhile", None)]

    async def test_one_wrong_answer_keeps_the_others_out(self, intake, union, survey):
        answers = [{"enterprise_id": each, "person_times": 1, "needs": []} for each in ("jinniu", "nobody")]
        told = await union.post(f"/surveys/{survey}/paper/take", json={"answers": answers})
        assert (told.status_code, told.json()["code"]) == (422, "survey.enterprise_unknown")
        assert len(await intake.facts(survey)) == 1


@pytest.mark.rules
@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 3)), max_size=12))
def test_every_row_is_part_of_an_answer_or_explained(told):
    rows = [Row(number, enterprise, said) for number, (enterprise, said) in enumerate(told)]
    answers, wrong = answers_of(rows)
    answered = {answer.enterprise_id for answer in answers}
    assert len(answered) == len(answers)
    for row in rows:
        assert (row.enterprise_id in answered) != (row.number in wrong)
