"""A changed catalogue: each row explained, what would differ, which schemes it touches; nothing is put in force."""

import csv
import io
import shutil

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.programme import WrongFile, load
from scheduling.catalogue import rules

from ..builders import PROGRAMMES, a_line

FILE = PROGRAMMES / "catalogue.csv"
PROGRAMME_DATA = load(PROGRAMMES)
WRONG = (
    ({"occupation": "9-99-99-99"}, "occupation", "catalogue.code_unknown"),
    ({"needs_level": "L9"}, "needs_level", "catalogue.code_unknown"),
    ({"class_hours": "many"}, "class_hours", "catalogue.cell_no_number"),
    ({"class_hours": "401"}, "class_hours", "catalogue.cell_too_large"),
    ({"session_hours": "0"}, "session_hours", "catalogue.cell_too_small"),
    ({"class_hours": "7"}, "class_hours", "catalogue.no_whole_sessions"),
    ({"mode": "by post"}, "mode", "catalogue.cell_not_among"),
    ({"source": "hearsay"}, "source", "catalogue.cell_not_among"),
    ({"name_zh": ""}, "name_zh", "catalogue.cell_missing"),
    ({"class_hours": "8", "session_hours": "8"}, "session_hours", "catalogue.fits_no_band"),
    ({"code": "el5-basics"}, "code", "catalogue.code_twice"),
)


def rows_of() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))


def as_csv(rows) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_excel(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, list(rows[0]))
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row.values()):
                page.write(at, column, int(cell) if cell.isdecimal() else cell or None)
    return out.getvalue()


async def checked(client, content, name="catalogue.csv"):
    answer = await client.post("/catalogue/check", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestCheck:
    async def test_the_catalogue_in_force_differs_in_nothing_as_csv_and_as_excel(self, union):
        for name, content in (("a.csv", FILE.read_bytes()), ("a.xlsx", as_excel(rows_of()))):
            found = await checked(union, content, name)
            assert (found["wrong"], found["added"], found["changed"], found["gone"]) == ([], [], [], [])
            assert found["file"].encode() == FILE.read_bytes().replace(b"\r\n", b"\n")

    async def test_what_would_differ_and_the_unconfirmed_schemes_that_teach_it(self, given, union):
        order = await given.a_draft(a_line())
        rows = rows_of()
        safety = next(row for row in rows if row["code"] == "el5-safety")
        safety |= {"class_hours": "9"}
        rows.remove(next(row for row in rows if row["code"] == "wd5-arc"))
        rows.append(safety | {"code": "el5-more", "name_en": "More"})
        found = await checked(union, as_csv(rows))
        assert [unit["code"] for unit in found["added"]] == ["el5-more"]
        assert found["changed"] == [{"unit": "el5-safety", "fields": {"class_hours": ["6", "9"]}}]
        assert [unit["code"] for unit in found["gone"]] == ["wd5-arc"]
        mine = [one for one in found["touched"] if one["order_id"] == str(order.order_id)]
        assert [(one["state"], one["units"]) for one in mine] == [("drafted", ["el5-safety"])]
        assert "el5-more" not in {each["unit"] for each in (await union.get("/catalogue")).json()}

    @pytest.mark.parametrize(("change", "field", "code"), WRONG)
    async def test_each_wrong_row_says_where_and_why(self, change, field, code):
        rows = [dict(row) for row in rows_of()]
        rows[0] |= change
        if code == "catalogue.code_twice":
            rows[0], rows[1] = rows[1], rows[0]
        told = [(at, {name: cell for name, cell in row.items() if cell}) for at, row in enumerate(rows, 2)]
        found = rules.check((1, dict.fromkeys(rows[0], 0)), told, PROGRAMME_DATA)
        assert (found.wrong[0].field, found.wrong[0].why.code) == (field, code)
        assert found.wrong[0].row in {2, 3}

    async def test_a_column_that_is_missing_or_strange_is_named(self, union):
        rows = [
            {name: cell for name, cell in row.items() if name != "mode"} | {"x": "1"} for row in rows_of()
        ]
        found = await checked(union, as_csv(rows))
        assert {(one["row"], one["field"]) for one in found["wrong"]} >= {(1, "mode"), (1, "x")}
        assert found["file"] == ""
        told = await union.post("/catalogue/check", files={"file": ("a.csv", b"a,b\n1,2\n")})
        assert (told.status_code, told.json()["code"]) == (422, "catalogue.no_heading")

    async def test_only_the_union_checks(self, clerk):
        answer = await clerk.post("/catalogue/check", files={"file": ("a.csv", FILE.read_bytes())})
        assert answer.status_code == 403


@pytest.mark.rules
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["class_hours", "session_hours", "level", "occupation", "needs_level", "mode", "source"]),
    st.sampled_from(["", "1", "2", "3", "4", "7", "9", "L3", "L9", "6-31-01-03", "x", "onsite", "seed"]),
)
def test_what_is_found_good_is_good_at_a_start_and_nothing_else(tmp_path, field, value):
    rows = [dict(row) for row in rows_of()]
    rows[0][field] = value
    told = [(at, {name: cell for name, cell in row.items() if cell}) for at, row in enumerate(rows, 2)]
    found = rules.check((1, dict.fromkeys(rows[0], 0)), told, PROGRAMME_DATA)
    folder = tmp_path / "programmes"
    if not folder.exists():
        shutil.copytree(PROGRAMMES, folder)
    (folder / "catalogue.csv").write_bytes(as_csv(rows))
    try:
        load(folder)
    except WrongFile:
        assert found.wrong
    else:
        assert not found.wrong
