"""The numbered list, its mark, and lines as people write them down."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from contracts.refusals import Invalid, Refused
from evaluation.sheets import rules, table
from evaluation.sheets.rules import Entry

from .. import builders as a

pytestmark = pytest.mark.rules
SESSION = UUID(int=5)
NAMES = {a.a_worker(n): name for n, name in enumerate(["王五", "李四", "张三"])}
LINES = rules.numbered(NAMES)
SLOT = a.a_slot()
KEY = b"k" * 32


class TestMark:
    def test_numbers_go_by_name(self):
        assert [(each.no, each.name) for each in LINES] == [(1, "张三"), (2, "李四"), (3, "王五")]

    def test_another_list_session_or_key_has_another(self):
        mark = rules.check_sum(KEY, SESSION, LINES)
        assert mark == rules.check_sum(KEY, SESSION, rules.numbered(NAMES))
        others = {
            rules.check_sum(KEY, SESSION, LINES[:2]),
            rules.check_sum(KEY, UUID(int=6), LINES),
            rules.check_sum(b"x" * 32, SESSION, LINES),
        }
        assert mark not in others

    def test_as_it_is_printed_or_not_told(self):
        mark = rules.check_sum(KEY, SESSION, LINES)
        rules.check_same(mark, mark.upper())
        rules.check_same(mark, "")
        with pytest.raises(Refused, match=r"paper\.another_list"):
            rules.check_same(mark, "abcdefghij")


class TestRead:
    def test_who_signed_is_there_from_the_beginning_or_from_when_they_say(self):
        found = rules.read(
            LINES, [Entry(1), Entry(2, late=20), Entry(3, came=time(8, 45), left=time(11))], SLOT
        )
        begin = SLOT.starts_at
        assert [each.at for each in found] == [
            begin, begin + timedelta(minutes=20), a.at(SLOT.day, 8, 45),
        ]  # fmt: skip
        assert found[2].left_at == a.at(SLOT.day, 11)

    def test_a_line_that_is_none(self):
        entries = [Entry(1), Entry(1), Entry(9), Entry(2, name="王五"), Entry(3, name=" 王 五 ")]
        assert [each.wrong for each in rules.read(LINES, entries, SLOT)] == [
            None, "paper.number_twice", "paper.number_unknown", "paper.name_differs", None,
        ]  # fmt: skip

    def test_a_clock_after_midnight_is_the_next_days(self):
        late = SLOT.model_copy(
            update={"starts_at": a.at(SLOT.day, 22), "ends_at": a.at(SLOT.day, 22) + timedelta(hours=3)}
        )
        assert rules.moment(late, time(0, 30)) == a.at(SLOT.day + timedelta(days=1), 0, 30)
        assert rules.moment(late, time(21, 50)) == a.at(SLOT.day, 21, 50)


class TestFile:
    HEAD = ("序号", "姓名", "是否到场", "签到时间", "签退时间")

    def test_yes_no_and_times_in_many_forms(self):
        rows = [
            ("签到表",), self.HEAD, (1.0, "张三", "是", "", None), ("2", "李四", "否", "8:30", ""),
            (3, "王五", " 是", "8：50", time(11, 5, 30)),
            ("", "", "是", "", ""), (4, "", True, 0.375, timedelta(hours=9)),
        ]  # fmt: skip
        found = table.entries_in(rows, first=1)
        assert [(each.row, each.no, each.came, each.left, each.wrong) for each in found] == [
            (3, 1, None, None, None),
            (5, 3, time(8, 50), time(11, 5), None),
            (7, 4, time(9), time(9), None),
        ]

    def test_what_is_unclear_says_so(self):
        rows = [
            self.HEAD,
            (1, "张三", "也许", "", ""),
            (2, "李四", "是", "早上", ""),
            (3, "王五", "是", "25:00", ""),
        ]
        assert [each.wrong for each in table.entries_in(rows)] == [
            "paper.here_unclear", "paper.time_unclear", "paper.time_unclear",
        ]  # fmt: skip

    @pytest.mark.parametrize("rows", [[], [("序号", "姓名")], [("a", "b"), (1, "是")]])
    def test_a_file_that_is_another(self, rows):
        with pytest.raises(Invalid, match=r"paper\.columns_wrong"):
            table.entries_in(rows)

    def test_the_mark_stands_beside_its_word_on_any_sheet(self):
        sheets = [[self.HEAD], [("场次编号", "ABC"), ("校验码", "ab2345cdef")]]
        assert table.told_beside(sheets, table.MARK_HEADS) == "ab2345cdef"
        assert table.told_beside(sheets, table.SESSION_HEADS) == "abc"
        assert table.told_beside([[self.HEAD]], table.MARK_HEADS) == ""

    def test_a_day_is_no_time(self):
        rows = [self.HEAD, (1, "张三", "是", date(2026, 1, 1), "")]
        assert [each.wrong for each in table.entries_in(rows)] == ["paper.time_unclear"]
