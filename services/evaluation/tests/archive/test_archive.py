"""The archive of a batch, over HTTP, on a real database: five folders from registration to certificates."""

import csv
import io
import zipfile

import pytest
from pypdf import PdfReader

from evaluation.archive import tables
from servicekit.packs import check


@pytest.fixture
def archive(union, tmp_path):
    """Fetches and unpacks the archive of a batch: path -> content."""

    async def fetch(batch):
        answer = await union.get(f"/batches/{batch.batch_id}/archive")
        assert answer.status_code == 200, answer.text
        file = tmp_path / "archive.zip"
        file.write_bytes(answer.content)
        found = check(file)
        assert found.wrong == []
        with zipfile.ZipFile(file) as zipped:
            return found.manifest, {each: zipped.read(each) for each in zipped.namelist()}

    return fetch


def about(evaluation, content):
    """Rows of one evaluation."""
    return [row for row in table(content) if row["评价编号"] == evaluation]


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


class TestTheWholeOfABatch:
    async def test_it_leads_from_each_certificate_back_to_the_sign_ins(self, given, archive):
        played = await given.delivered(heads=3, sessions=2)
        batch = await given.certified(played, 0)
        manifest, files = await archive(batch)
        assert {path.partition("/")[0] for path in files if "/" in path} == {
            "1-报名与资格", "2-备案", "3-过程", "4-试卷与成绩", "5-证书",
        }  # fmt: skip
        register = table(files["5-证书/证书登记.csv"])
        assert len(register) == 2
        for row in register:
            of = row["评价编号"]
            assert row["备注"] == "演示编号"
            printed = PdfReader(io.BytesIO(files[f"5-证书/{row['证书编号']}.pdf"])).pages[0].extract_text()
            assert row["证书编号"] in printed
            (result,) = about(of, files["4-试卷与成绩/成绩汇总.csv"])
            assert (result["姓名"], result["技能"], result["结果"]) == (row["姓名"], "60.0", "合格")
            (eligible,) = about(of, files["1-报名与资格/资格审查.csv"])
            signed = [each for each in table(files["3-过程/签到明细.csv"]) if each["姓名"] == row["姓名"]]
            assert len(signed) == 2
            assert sum(int(each["出勤分钟"]) for each in signed) == int(eligible["实出勤分钟"])
            marks = about(of, files["3-过程/评分与复核.csv"])
            assert {each["科目"] for each in marks} == {"理论", "技能"}
            assert all(each["评分人账号"] != each["复核人账号"] for each in marks)
        facts = files["3-过程/事实.jsonl"].splitlines()
        assert sum(b'"certificate.issued.v1"' in each for each in facts) == 2
        assert not any(each.endswith("尚未进行") for each in manifest.missing)
        assert any("纸质" in each for each in manifest.missing)

    async def test_made_again_it_holds_the_same(self, given, archive):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.certified(played, line=1)
        once, again = (await archive(batch))[0], (await archive(batch))[0]
        assert once.files == again.files


class TestWhatIsNotThereYet:
    async def test_is_named_and_nobody_is_left_out(self, given, archive, intake):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(played, line=1)
        manifest, files = await archive(batch)
        assert [each for each in manifest.missing if "尚未进行" in each] == [
            "成绩评定：尚未进行",
            "成绩公示：尚未进行",
            "证书登记：尚未进行",
        ]
        assert [row["结果"] for row in table(files["4-试卷与成绩/成绩汇总.csv"])] == ["准予评价", "准予评价"]
        assert table(files["5-证书/证书登记.csv"]) == []

    async def test_who_is_refused_reads_why(self, given, archive, union):
        played = await given.an_order(heads=2, sessions=0)
        await given.certified(played, 0, line=1)
        again = await given.an_order(sessions=0, workers=played.workers)
        _, files = await archive(await given.a_batch(again, line=1))
        rows = table(files["1-报名与资格/资格审查.csv"])
        assert sorted((row["结论"], bool(row["不予原因"])) for row in rows) == [
            ("不予", True),
            ("准予", False),
        ]


class TestWhatWasExamined:
    async def test_papers_rooms_invigilators_and_safety_items_are_in_it(self, given, archive, union):
        workers = [*given.people(1), *given.people(1, years_in_trade=1, holds_level=None)]
        batch = await given.a_batch(await given.an_order(sessions=0, workers=workers), line=1)
        seen = (await union.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        refused = next(each["evaluation_id"] for each in seen if each["state"] == "refused")
        told = {"kind": "diploma", "diploma": "vocational"}
        body = {"told": told, "paper": "copy", "seen_on": (await given.today()).isoformat()}
        assert (await union.post(f"/evaluations/{refused}/evidence", json=body)).status_code == 200
        rooms = [{"name": "一号车间", "seats": 30}]
        arranged = {"rooms": rooms, "invigilators": [{"room": 1, "name": "王某"}]}
        assert (await union.post(f"/batches/{batch.batch_id}/rooms", json=arranged)).status_code == 204
        one, other = (given.as_person("assessor", each) for each in batch.assessors[:2])
        failed = ["electrician-earth"]
        for part, more in (("theory", {}), ("practical", {"failed": failed})):
            marks = [{"evaluation_id": batch.evaluations[0], "mark": "90", **more}]
            path, sheet = f"/batches/{batch.batch_id}/marks", {"part": part, "marks": marks}
            assert (await one.post(path, json=sheet)).status_code == 204
            assert (await other.post(f"{path}/confirm", json=sheet)).status_code == 200
        _, files = await archive(batch)
        (paper,) = table(files["1-报名与资格/资格材料.csv"])
        assert (paper["材料"], paper["内容"], paper["形式"]) == (
            "毕业证书", "技工学校或中等职业学校", "加盖公章的复印件",
        )  # fmt: skip
        (room,) = table(files["2-备案/考场与监考.csv"])
        assert (room["考场"], room["座位数"], room["监考员"]) == ("一号车间", "30", "企业人员 王某")
        results = {row["评价编号"]: row for row in table(files["4-试卷与成绩/成绩汇总.csv"])}
        row = results[batch.evaluations[0]]
        assert (row["结果"], row["未通过的安全否决项"]) == ("不合格", "保护接地（接零）连接可靠")


class TestWhoMayFetchIt:
    async def test_the_enterprise_does_not_and_nobody_learns_of_a_batch_that_is_none(
        self, given, union, jinniu
    ):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        assert (await jinniu.get(f"/batches/{batch.batch_id}/archive")).status_code == 403
        answer = await union.get(f"/batches/{played.order_id}/archive")
        assert (answer.status_code, answer.json()["code"]) == (404, "batch.unknown")


def test_a_name_that_looks_like_a_formula_is_text():
    made = tables.table("x.csv", ["姓名"], [["=1+1"], ["张三"]])
    assert made.content.decode("utf-8-sig") == "姓名\r\n'=1+1\r\n张三\r\n"
