"""Rosters as people really send them: files, and what becomes of each row."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from contracts.programme import load
from contracts.refusals import Invalid
from order_intake.known import Known
from order_intake.rosters.commands import RosterFile, read_file
from order_intake.rosters.rules import Reading, RowState
from servicekit.sheets import package
from servicekit.sheets.reading import MOST_BYTES

from ..builders import HEAD, KEY, a_csv, an_excel, an_id_number, some_people

pytestmark = pytest.mark.rules
LEVELS = Known(load(Path(__file__).parents[4] / "programmes"), KEY).level_names()
READING = Reading(("A", "B", "C", "D"), LEVELS, KEY, date(2026, 5, 6))
NUMBER = an_id_number(7)
WITH_X = next(number for number in map(an_id_number, range(100)) if number.endswith("X"))


def rows_of(content: bytes, name: str = "花名册.xlsx", reading: Reading = READING):
    return read_file(RosterFile(name, content), reading)


def row_of(*cells: object, reading: Reading = READING):
    [row] = rows_of(an_excel([cells]), reading=reading)
    return row


def codes(row) -> list[str]:
    return [reason.code for reason in row.reasons]


class TestFiles:
    def test_ten_thousand_rows_are_read(self):
        rows = rows_of(an_excel(some_people(10_000)))
        assert len(rows) == 10_000
        assert {row.state for row in rows} == {RowState.TAKEN}
        assert len({row.person.worker_id for row in rows}) == 10_000

    def test_one_row_more_is_too_many(self):
        with pytest.raises(Invalid, match=r"roster\.too_many_rows"):
            rows_of(an_excel(some_people(10_001)))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_a_csv_in_any_usual_encoding(self, encoding):
        [row] = rows_of(a_csv([("王演示", NUMBER, "A", 3, "")], encoding=encoding), "名单.csv")
        assert (row.state, row.person.name) == (RowState.TAKEN, "王演示")

    def test_merged_titles_above_the_heading_are_passed_over_and_rows_count_as_in_excel(self):
        [row] = rows_of(
            an_excel([("王演示", NUMBER, "A", 3, "")], titles=["金牛水泥培训花名册", "2026 年 5 月"])
        )
        assert (row.row, row.state) == (4, RowState.TAKEN)

    def test_headings_in_english_in_any_order_and_with_spaces(self):
        head = ("Crew", "ID Number", "Years in trade", "姓 名", "Remark")
        [row] = rows_of(an_excel([("B", NUMBER, 4, "王演示", "x")], head=head))
        assert (row.person.crew, row.person.name, row.person.years_in_trade) == ("B", "王演示", 4)

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("a.xlsx", b"", "roster.file_empty"),
            ("a.xlsx", b"x" * (MOST_BYTES + 1), "roster.file_too_large"),
            ("a.xlsx", b"no excel at all", "roster.file_broken"),
            ("a.xlsx", b"PK\x03\x04 and then nothing", "roster.file_broken"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "roster.file_broken"),
            ("a.xlsm", b"PK\x03\x04", "roster.file_macros"),
            ("a.pdf", b"%PDF-1.7", "roster.file_kind"),
            ("a.csv", b"\xff\xff\xff", "roster.file_broken"),
            ("a.csv", a_csv([]), "roster.no_rows"),
            ("a.csv", "序号,部门\n1,电工班".encode(), "roster.no_heading"),
        ],
    )
    def test_what_is_no_roster_says_why(self, name, content, code):
        with pytest.raises(Invalid) as refused:
            rows_of(content, name)
        assert (refused.value.code, refused.value.field) == (code, "file")

    @pytest.mark.parametrize("cut", [1000, 3000])
    def test_a_file_cut_off_is_broken(self, cut):
        with pytest.raises(Invalid, match=r"roster\.file_broken"):
            rows_of(an_excel(some_people(50))[:cut])

    def test_macros_are_found_whatever_the_file_is_called(self):
        content = io.BytesIO(an_excel(some_people(1)))
        with zipfile.ZipFile(content, "a") as entries:
            entries.writestr("xl/vbaProject.bin", b"macro")
        with pytest.raises(Invalid, match=r"roster\.file_macros"):
            rows_of(content.getvalue(), "harmless.xlsx")

    def test_a_small_file_that_unpacks_to_gigabytes_is_refused(self, monkeypatch):
        monkeypatch.setattr(package, "MOST_UNPACKED", 1_000_000)
        content = io.BytesIO(an_excel(some_people(1)))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as entries:
            entries.writestr("xl/worksheets/sheet9.xml", b"0" * 1_100_000)
        with pytest.raises(Invalid, match=r"roster\.file_too_large"):
            rows_of(content.getvalue())


class TestMendedAndSaid:
    @pytest.mark.parametrize(
        "written",
        [
            NUMBER[:6] + " " + NUMBER[6:14] + " " + NUMBER[14:],
            "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
            "\u200b" + NUMBER + "\ufeff",
            "'" + NUMBER,
            NUMBER + "\t",
            "\u00a0" + NUMBER + "\u3000",
        ],
    )
    def test_the_id_number_is_found_again(self, written):
        row = row_of("王演示", written, "A", 3, "")
        assert (row.state, codes(row), row.person.id_number) == (
            RowState.MENDED,
            ["roster.id_mended"],
            NUMBER,
        )

    def test_a_lower_case_x_is_a_capital_one(self):
        row = row_of("王演示", WITH_X.lower(), "A", 3, "")
        assert (row.state, row.person.id_number) == (RowState.MENDED, WITH_X)
        wide = row_of("王演示", WITH_X[:17] + "ｘ", "A", 3, "")
        assert wide.person.worker_id == row.person.worker_id

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("张　三", "张三"),
            ("张 三", "张三"),
            (" 张三 ", "张三"),
            ("张\u200b三", "张三"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("Ｊohn Smith", "John Smith"),
        ],
    )
    def test_names_lose_their_padding(self, written, name):
        row = row_of(written, NUMBER, "A", 3, "")
        assert (row.state, codes(row), row.person.name) == (RowState.MENDED, ["roster.name_mended"], name)

    @pytest.mark.parametrize("name", ["䶮㛃", "𬭚小明", "欧阳娜娜", "买买提·阿不都拉", "O'Neill", "王〇一"])
    def test_rare_names_stay_as_they_are(self, name):
        row = row_of(name, NUMBER, "A", 3, "")
        assert (row.state, row.person.name) == (RowState.TAKEN, name)

    @pytest.mark.parametrize(
        ("written", "crew"), [("甲班", "A"), ("b", "B"), ("Ｃ", "C"), ("4班", "D"), (2.0, "B"), ("二组", "B")]
    )
    def test_crews_by_their_usual_names(self, written, crew):
        row = row_of("王演示", NUMBER, written, 3, "")
        assert (row.state, row.person.crew) == (RowState.MENDED, crew)

    @pytest.mark.parametrize("written", ["中级工", "四级", "四级/中级工", "4", "L4", "l4", 4])
    def test_levels_by_any_of_their_names(self, written):
        row = row_of("王演示", NUMBER, "A", 3, written)
        assert (row.state, codes(row), row.person.holds_level) == (RowState.TAKEN, [], "L4")

    @pytest.mark.parametrize("written", ["四级 ", "Ｌ4", "中 级 工"])
    def test_a_level_with_padding_is_tidied(self, written):
        row = row_of("王演示", NUMBER, "A", 3, written)
        assert (row.state, codes(row)) == (RowState.MENDED, ["roster.level_mended"])
        assert row.person.holds_level == "L4"

    @pytest.mark.parametrize(
        ("written", "years"), [("5年", 5), (5.0, 5), ("5.5", 5), ("", None), ("无", None)]
    )
    def test_years_are_whole(self, written, years):
        assert row_of("王演示", NUMBER, "A", written, "").person.years_in_trade == years

    def test_where_there_is_one_crew_nobody_need_write_it(self):
        day = Reading(("A",), LEVELS, KEY, date(2026, 5, 6))
        row = row_of("王演示", NUMBER, "", 3, "", reading=day)
        assert (row.state, row.person.crew) == (RowState.TAKEN, "A")

    def test_an_unknown_region_is_taken_and_told(self):
        row = row_of("王演示", an_id_number(7, region="770101"), "A", 3, "")
        assert (row.state, codes(row)) == (RowState.TAKEN, ["roster.region_unknown"])


class TestRefusedWithReasons:
    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            (("", NUMBER, "A", 3, ""), "roster.name_missing"),
            (("12345", NUMBER, "A", 3, ""), "roster.name_wrong"),
            (("=HYPERLINK(1)", NUMBER, "A", 3, ""), "roster.name_wrong"),
            (("王演示", "", "A", 3, ""), "roster.id_missing"),
            (("王演示", int(an_id_number(8)[:17] + "0"), "A", 3, ""), "roster.id_as_number"),
            (("王演示", 3.5040219900101e17, "A", 3, ""), "roster.id_as_number"),
            (("王演示", "3.5040219900101E+17", "A", 3, ""), "roster.id_as_number"),
            (("王演示", NUMBER[:-1], "A", 3, ""), "roster.id_length"),
            (("王演示", NUMBER, "", 3, ""), "roster.crew_missing"),
            (("王演示", NUMBER, "E", 3, ""), "roster.crew_unknown"),
            (("王演示", NUMBER, "A", "long", ""), "roster.years_wrong"),
            (("王演示", NUMBER, "A", 99, ""), "roster.years_wrong"),
            (("王演示", NUMBER, "A", 3, "master"), "roster.level_unknown"),
        ],
    )
    def test_a_cell_that_cannot_be_meant(self, cells, code):
        row = row_of(*cells)
        assert (row.state, codes(row), row.person) == (RowState.REFUSED, [code], None)

    def test_all_reasons_of_a_row_are_told_at_once(self):
        row = row_of("", 3.5e17, "Z", "x", "y")
        assert codes(row) == [
            "roster.name_missing",
            "roster.id_as_number",
            "roster.crew_unknown",
            "roster.years_wrong",
            "roster.level_unknown",
        ]

    def test_what_was_mended_beside_is_no_reason_of_a_refusal(self):
        row = row_of(" 王演示", NUMBER + " ", "甲班", 99, "四级 ")
        assert (row.state, codes(row)) == (RowState.REFUSED, ["roster.years_wrong"])

    def test_a_strange_region_is_told_beside_what_is_wrong(self):
        row = row_of("王演示", an_id_number(7, region="770101"), "A", 99, "")
        assert codes(row) == ["roster.years_wrong", "roster.region_unknown"]

    def test_the_crews_that_there_are_are_named_be_it_one_or_four(self):
        for crews, said in ((("A",), "A"), (("A", "B", "C", "D"), "A-D")):
            reading = Reading(crews, LEVELS, KEY, date(2026, 5, 6))
            [told] = row_of("王演示", NUMBER, "E", 3, "", reading=reading).reasons
            assert (told.code, told.figures) == ("roster.crew_unknown", {"crews": said})

    def test_one_wrong_row_refuses_no_other(self):
        rows = rows_of(an_excel([*some_people(5), ("", "", "", "", "x"), *some_people(5, start=5)]))
        assert [row.state for row in rows].count(RowState.TAKEN) == 10

    def test_the_same_person_twice_is_double_by_number_not_by_name(self):
        rows = rows_of(an_excel([("王演示", WITH_X, "A", 1, ""), ("王眼示", WITH_X.lower(), "B", 1, "")]))
        assert [row.state for row in rows] == [RowState.TAKEN, RowState.DOUBLE]
        assert rows[1].reasons[-1].figures == {"row": 2}

    def test_nothing_but_the_last_four_is_shown(self):
        row = row_of("王演示", NUMBER, "A", 3, "")
        assert (row.masked, row.masked_name) == ("*" * 14 + NUMBER[-4:], "王*示")
        assert NUMBER not in repr(row)
        assert "王演示" not in repr(row)


def test_the_heading_is_the_documented_one():
    assert HEAD == ("姓名", "身份证号", "班组", "从业年限", "现有等级")
