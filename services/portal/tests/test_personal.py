"""One worker's data: the file to read, what an erasure would do, and for how long each class is kept."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from contracts.programme_personal import CLASSES
from portal.desks.personal.file import in_both, zipped
from portal.desks.personal.kept import KeptSeen, rows
from portal.desks.personal.seen import HeldSeen, TraineeSeen, WorkerSeen
from portal.desks.personal.shown import fates, listed
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = Text("zh", ZONE), Text("en", ZONE)
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
NAMES = Names(EN, PROGRAMMES)
WORKER, ORDER = UUID(int=0xAA << 96), UUID(int=1)
STANDS = {
    "order_id": str(ORDER), "number": "2026-0001", "enterprise_id": "jinniu", "state": "fulfilled",
    "under_way": False, "masked_name": "张*伟", "masked": "**************1234", "kept_until": "2036-05-05",
}  # fmt: skip
NEEDED = {
    "of": "training",
    "since": "2026-05-06",
    "until": "2036-05-05",
    "source": "public fact",
    "note": None,
}
HELD = {"known": {"name": "张小伟"}, "kept_until": None, "needed": [NEEDED], "orders": [], "parts": {}}


def worker(**changes):
    stands = STANDS | changes
    return WorkerSeen(worker_id=WORKER, orders=[stands], disclosed=[], told=[])


def held(**changes):
    return HeldSeen.model_validate(HELD | changes)


def fate_of(what, *told):
    return next(one.fate for one in fates(*told, NAMES) if one.what.startswith(what))


class TestFates:
    def test_a_roster_is_destroyed_unless_its_order_needs_the_person(self):
        assert "Destroyed" in fate_of("Roster", worker(), held())
        assert "Cannot" in fate_of("Roster", worker(under_way=True, state="started"), held())
        assert "Not held" in fate_of("Roster", worker(masked_name=None), held())

    def test_a_name_that_files_need_is_kept_until_their_day(self):
        assert "2036-05-05" in fate_of("Name", worker(), held())
        assert "Destroyed" in fate_of("Name", worker(), held(needed=[]))
        assert "2030-01-01" in fate_of("Name", worker(), held(known=None, kept_until="2030-01-01"))
        assert "Not held" in fate_of("Name", worker(), held(known=None))

    def test_what_names_nobody_is_counted_and_stays(self):
        told = held(parts={"attended": [{}, {}], "marks": []})
        assert "Stays" in fate_of("Attendance: 2", worker(), told)

    def test_what_describes_the_person_is_emptied_and_then_not_told_of(self):
        says = {
            "evidence": [{"kind": "diploma", "diploma": "vocational"}, {"kind": "apprenticeship"}],
            "followups": [{"answers": '{"pay": "higher"}'}, {"answers": None}],
            "objections": [{"text": "words"}],
        }
        for what in (
            "What papers about the person say: 1",
            "Answers months later: 1",
            "Words of objections: 1",
        ):
            assert "Destroyed" in fate_of(what, worker(), held(parts=says))
        left = {"evidence": [{"kind": "diploma"}], "followups": [{"answers": "{}"}], "objections": []}
        stays = [one.what for one in fates(worker(), held(parts=left), NAMES)]
        assert [each for each in stays if "Answers months" in each or "say" in each] == []
        assert any("Papers seen: 1" in each for each in stays)


class TestListed:
    def test_somebody_is_found_by_the_end_of_the_number_and_erased_ones_by_their_own(self):
        one = {
            "line": 1,
            "worker_id": WORKER,
            "crew": "A",
            "masked_name": "张*伟",
            "masked": "**************123X",
        }
        gone = one | {"worker_id": UUID(int=0xBB << 96), "masked_name": None, "masked": None}
        both = [TraineeSeen(**one), TraineeSeen(**one | {"line": 2}), TraineeSeen(**gone)]
        assert [each.name for each in listed(ORDER, both, "")] == ["#000000bb", "张*伟"]
        assert [each.name for each in listed(ORDER, both, "23x")] == ["张*伟"]
        assert [each.name for each in listed(ORDER, both, "000000bb")] == ["#000000bb"]


class TestFile:
    def test_it_is_data_and_to_be_read_in_both_languages(self):
        told = {
            "order-intake": {"orders": [{"name": "张<小>伟", "lines": [1]}]},
            "evaluation": {"parts": {"marks": []}},
        }
        with ZipFile(io.BytesIO(zipped(told, in_both((ZH, EN)), "个人信息", "zh"))) as files:
            assert json.loads(files.read("data.json")) == told
            page = files.read("data.html").decode()
        for word in (
            "姓名 Name",
            "需求与名单 Demand and rosters",
            "评价成绩 Evaluations",
            "张&lt;小&gt;伟",
            "没有内容 Nothing",
        ):
            assert word in page, word


class TestKept:
    def test_every_class_is_told_with_its_period_and_source(self):
        found = rows(PROGRAMMES, {}, frozenset(), EN, date(2026, 11, 27))
        assert len(found) == len(CLASSES) + 2
        assert {one.period for one in found} == {"10 years", "180 days", "30 days", "183 days"}
        assert all(one.source and one.since for one in found)

    def test_what_was_removed_and_what_is_due_comes_from_its_owner(self):
        moment = datetime(2026, 11, 27, 2, tzinfo=UTC)
        seen = {"roster": KeptSeen(of="roster", removed_at=moment, removed=8, next_due=moment, waiting=3)}
        away = frozenset({"evaluation"})
        by = {one.what.partition(":")[0]: one for one in rows(PROGRAMMES, seen, away, EN, date(2026, 11, 27))}
        assert ("8" in by["Rosters"].last, "3 wait" in by["Rosters"].due) == (True, True)
        assert by["Marks of phones that signed in"].last == "Not known at the moment"
