"""The shipped programme folder, and what a wrong one says at the start of a service."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import WrongFile, load
from contracts.values import Part, ServiceLine, Stage

SHIPPED = Path(__file__).parents[3] / "programmes"
pytestmark = pytest.mark.rules


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "programmes"))


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaints(folder):
    with pytest.raises(WrongFile) as wrong:
        load(folder)
    return wrong.value.complaints


class TestTheShippedFolder:
    def test_is_read_whole(self):
        shipped = load(SHIPPED)
        programme = shipped.programmes["send-teachers-home"]
        assert programme.class_size_max.value == 60
        assert programme.services[ServiceLine.SKILL_EVALUATION] is Stage.EVALUATION
        assert shipped.levels["L2"].parts == (Part.THEORY, Part.PRACTICAL, Part.REVIEW)
        assert shipped.levels["L4"].pass_mark == 60
        assert shipped.rules.evaluation.attendance[0].source == "approximate"
        assert len(shipped.demo.enterprises) == 14
        assert shipped.holidays[date(2026, 10, 1)].kind == "holiday"
        assert shipped.calendar_years == {2026}

    def test_a_band_holds_the_whole_class_hours_in_its_length(self):
        shipped = load(SHIPPED)
        assert {band: shipped.class_hours_of(band) for band in shipped.bands} == {"am": 4, "pm": 4, "eve": 3}

    def test_every_unit_fits_a_band_and_every_pilot_can_order_for_each_of_its_occupations(self):
        shipped = load(SHIPPED)
        assert all(shipped.bands_for(unit) for unit in shipped.units.values())
        for enterprise in shipped.demo.enterprises.values():
            for occupation in enterprise.occupations:
                for level in ("L5", "L4", "L3"):
                    assert shipped.units_of(occupation, level), (enterprise.id, occupation, level)

    def test_words_of_a_no_have_the_end_that_the_rules_of_their_day_say(self):
        zone, shipped = ZoneInfo("Asia/Shanghai"), load(SHIPPED)
        row = shipped.rules.words.kept[0]
        later = row.model_copy(update={"since": date(2027, 1, 1), "days": 30})
        rules = shipped.rules.words.model_copy(update={"kept": (later, row)})
        before, first = (
            datetime(2026, 12, 31, hour, tzinfo=UTC) for hour in (15, 16)
        )  # 16:00: a new year there
        assert [rules.end(said, zone) - said for said in (before, first)] == [
            timedelta(days=180),
            timedelta(days=30),
        ]
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        assert rules.end(long_ago, zone) - long_ago == timedelta(days=180), (
            "before any rule began the first counts"
        )

    def test_certificate_numbers_fit_their_rule(self):
        shipped = load(SHIPPED)
        prefix = shipped.programmes["send-teachers-home"].certificates.number_prefix
        pattern = shipped.rules.evaluation.certificate_number_regex.value
        assert pattern == r"^[YS]\d{21}$"
        assert len(prefix) + len("26") + len("4") + len("000001") == 22


class TestAWrongFile:
    @pytest.mark.parametrize(
        ("file", "old", "new", "said"),
        [
            (
                "rules/levels.csv",
                "theory|practical,60",
                "theory|practical,600",
                "levels.csv:3: pass_mark: Input should",
            ),
            (
                "rules/levels.csv",
                "theory|practical,60",
                "theory|practical,",
                "levels.csv:3: (row): Value error, a level",
            ),
            (
                "send-teachers-home.yaml",
                "decline_in_own_words: [other]",
                "decline_in_own_words: [others]",
                "others is no reason to decline",
            ),
            (
                "rules/notices.yaml",
                "kind: survey",
                "kind: gossip",
                "notices.yaml:143: sets.0.notices.20.kind: Input",
            ),
            (
                "rules/notices.yaml",
                "[survey.opened.v1]",
                "[survey.told.v1]",
                "because: survey.told.v1 is no fact",
            ),
            (
                "rules/notices.yaml",
                "about: survey_id",
                "about: session_id",
                "about: survey.opened.v1 has no session_id",
            ),
            ("rules/notices.yaml", "to: signer", "to: college", "to: scheme.reminded.v1 has no college_id"),
            (
                "rules/notices.yaml",
                "kind: order_returned",
                "kind: order_waits",
                "order_waits is told twice in a set",
            ),
            (
                "rules/notices.yaml",
                "only_pins: [",
                "pins_only: [",
                "only: scheme.drafted.v1 has no pins_only",
            ),
            (
                "rules/notices.yaml",
                "field: answer_by",
                "field: answer_on",
                "starts: assignment.offered.v1 has no",
            ),
            ("rules/levels.csv", "L4,2,4", "L4,1,4", "levels.csv:4: rank: 1 is the rank of L5"),
            ("rules/levels.csv", "id,rank", "id,place", "levels.csv:1: place: no such column, or twice"),
            (
                "rules/shifts.csv",
                "EEMMNN--",
                "EEMMXX--",
                "shifts.csv:5: (row): Value error, the cycle names X",
            ),
            (
                "rules/shifts.csv",
                "W=08:00-12:00",
                "W=08:00",
                "shifts.csv:2: (row): Value error, '08:00' is not like",
            ),
            ("rules/holidays_2026.csv", "2026-10-01,Thu", "2026-10-01,Fri", "2026-10-01 is a Thu"),
            (
                "rules/holidays_2026.csv",
                "2026-10-02,Fri",
                "2027-10-02,Sat",
                "date: 2027-10-02 is not in the file's year",
            ),
            (
                "rules/distances.csv",
                "350404,350405",
                "350404,350499",
                "distances.csv:2: to_code: 350499 is unknown",
            ),
            (
                "rules/bands.csv",
                "am,上午,morning,08:30,11:45",
                "am,上午,morning,11:45,08:30",
                "bands.csv:2: (row): ",
            ),
            (
                "catalogue.csv",
                "el5-basics,6-31-01-03",
                "el5-basics,6-31-01-99",
                "catalogue.csv:3: occupation: 6-31-01-99",
            ),
            (
                "catalogue.csv",
                "Installing circuits,12,4",
                "Installing circuits,12,5",
                "catalogue.csv:4: (row): ",
            ),
            (
                "catalogue.csv",
                "Installing circuits,12,4",
                "Installing circuits,12,6",
                "catalogue.csv:4: session_hours: ",
            ),
            (
                "demo/enterprises.csv",
                ",4x3,1,",
                ",9x9,1,",
                "demo/enterprises.csv:2: shift_pattern: 9x9 is unknown",
            ),
            (
                "demo/enterprises.csv",
                '"Fujian Jinniu Cement Group Co., Ltd."',
                '"Fujian Jinniu Cement Group (seed: Jinniu)"',
                "demo/enterprises.csv:2: name_en: String should match pattern",
            ),
            (
                "rules/rules.yaml",
                "share: 0.8",
                "share: 8",
                "rules.yaml:22: evaluation.attendance.0.share: ",
            ),
            (
                "rules/rules.yaml",
                "source: invented, note: drive",
                "source: hearsay, note: drive",
                "rules.yaml:9: ",
            ),
            (
                "rules/rules.yaml",
                "class_hour_minutes:",
                "class_hour_minute:",
                "class_hour_minutes: Field required",
            ),
            ("rules/rules.yaml", "value: sanming", "value: nowhere", "place: nowhere is unknown"),
            ("rules/rules.yaml", "planning:", "planning: [", "rules.yaml:"),
            ("rules/rules.yaml", "2026-01-05", "2026-13-05", "rules.yaml:14: planning.shift_anchor.value: "),
            (
                "send-teachers-home.yaml",
                "code: send-teachers-home",
                "code: other",
                "send-teachers-home.yaml:2: code: ",
            ),
            (
                "send-teachers-home.yaml",
                "L5, L4",
                "L5, L9",
                "send-teachers-home.yaml:11: levels: L9 is unknown",
            ),
            (
                "send-teachers-home.yaml",
                "value: 60",
                "value: sixty",
                "send-teachers-home.yaml:13: class_size_max.value: ",
            ),
            ("send-teachers-home.yaml", "modes:", "levels:", "levels: already in line 11"),
        ],
    )
    def test_is_refused_with_file_line_and_field(self, folder, file, old, new, said):
        change(folder, file, old, new)
        found = complaints(folder)
        assert any(c.startswith(f"programmes/{file}:") and said in c for c in found), found

    def test_two_rows_with_one_key_name_both_lines(self, folder):
        path = folder / "rules/bands.csv"
        path.write_text(
            path.read_text(encoding="utf-8") + "am,上午,morning,08:30,11:45,invented,\n", encoding="utf-8"
        )
        assert complaints(folder) == ("programmes/rules/bands.csv:5: code: am is already in line 2",)

    def test_what_is_wrong_is_told_at_once_and_not_again_by_all_that_name_it(self, folder):
        change(folder, "rules/levels.csv", "theory|practical,60", "theory|practical,600")
        change(folder, "catalogue.csv", "Installing circuits,12,4", "Installing circuits,12,5")
        assert [c.split(":")[0] for c in complaints(folder)] == [
            "programmes/rules/levels.csv",
            "programmes/catalogue.csv",
        ]

    def test_a_missing_file_and_one_that_is_no_text_are_named(self, folder):
        (folder / "rules/bands.csv").unlink()
        assert complaints(folder) == ("programmes/rules/bands.csv:1: (file): the file is missing",)
        (folder / "rules/bands.csv").write_bytes(b"\xff\xfe\x00")
        assert "cannot be read as UTF-8" in complaints(folder)[0]

    def test_a_year_more_makes_it_no_longer_provisional(self, folder):
        (folder / "rules/holidays_2027.csv").write_text(
            "date,weekday,kind,name_zh,name_en,in_lieu,source\n"
            "2027-01-01,Fri,holiday,元旦,New Year's Day,0,invented\n",
            encoding="utf-8",
        )
        assert load(folder).calendar_years == {2026, 2027}
