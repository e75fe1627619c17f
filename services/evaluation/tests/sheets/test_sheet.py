"""A sheet is printed, signed and entered: over HTTP, on a real database."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import xlsxwriter
from pypdf import PdfReader

from evaluation import directory
from evaluation.main import rare_fonts
from evaluation.paper import Paper
from evaluation.settings import Settings
from evaluation.sheets.printed import WRITE_IN, SignInSheet, printed, to_be_printed
from evaluation.sheets.rules import Line

from .. import builders as a
from ..certificates.test_rare_names import glyphs_of

HEAD = ["序号", "姓名", "是否到场", "签到时间", "签退时间"]


@pytest.fixture(scope="module")
def paper() -> Paper:
    settings = Settings()
    return Paper(settings.fonts, settings.font_family, "https://songjiao.example", *rare_fonts(settings))


def excel(rows, beside=()):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for told in ([HEAD, *rows], beside):
            page = book.add_worksheet()
            for at, row in enumerate(told):
                page.write_row(at, 0, row)
    return out.getvalue()


def outcomes(answer):
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return [
        (each["no"], each["outcome"], each["reason"])
        for each in (told if isinstance(told, list) else told["lines"])
    ]


async def test_the_sheet_is_printed_with_everybody_on_it(given, union):
    played = await given.an_order(heads=30, sessions=1)
    path = f"/sessions/{played.sessions[0].session_id}/list"
    seen = (await union.get(path)).json()
    printed = await union.post(f"{path}/pdf", json={"unit": "电气控制", "lead": "周海"})
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(printed.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert len(pages) == 2
    for words in (
        *(each["name"] for each in seen["lines"]),
        "电气控制",
        "周海",
        "电工",
        seen["mark"].upper(),
    ):
        assert words in text
    other = given.as_person("instructor", uuid4())
    refused = await other.get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


def test_a_name_that_no_font_has_is_to_be_written_in_and_is_told_by_its_number(paper):
    """Rare characters that a font has are printed as they are; where none has one a sign stands, never an empty box."""
    names = ["㛃䶮", "王𬱖", "李\ue000明"]
    lines = tuple(Line(no, a.a_worker(no), name) for no, name in enumerate(names, start=1))
    sheet = SignInSheet(
        session=str(uuid4()), check="abcdefghij", number="2027-0001", enterprise="厂\ue001", occupation=("电工", ""),
        level=("中级工", ""), unit="", when="2027-03-08 08:30–11:30", hours=4, lead="", lines=lines,
        ids={lines[2].worker_id: "3504**********001X"},
    )  # fmt: skip
    told = to_be_printed(paper, sheet)
    assert told["lines"] == [[1, "㛃䶮", ""], [2, "王𬱖", ""], [3, f"李{WRITE_IN}明", "3504**********001X"]]
    assert (told["enterprise"], told["write_in"]) == (f"厂{WRITE_IN}", WRITE_IN)
    reader = PdfReader(io.BytesIO(printed(paper, sheet, "https://songjiao.example")))
    (page,) = reader.pages
    assert 0 not in glyphs_of(page, reader)
    text = page.extract_text()
    for words in ("㛃䶮", "王𬱖", f"李{WRITE_IN}明", "3504**********001X", "现有字体中没有的字"):
        assert words in text
    whole = replace(sheet, enterprise="厂", lines=lines[:2])
    assert to_be_printed(paper, whole)["write_in"] == ""
    assert (
        "现有字体中没有的字"
        not in PdfReader(io.BytesIO(printed(paper, whole, "https://x"))).pages[0].extract_text()
    )


async def test_before_it_is_printed_it_is_said_whose_name_no_font_has(evaluation, given, union):
    played = await given.an_order(heads=2, sessions=1)
    path = f"/sessions/{played.sessions[0].session_id}/list"
    worker = (await union.get(path)).json()["lines"][0]["worker_id"]
    async with evaluation.transactions.begin() as tx:
        (known,) = (await directory.known_workers(tx, [UUID(worker)])).values()
        await directory.save(tx, [known.model_copy(update={"name": "王\ue000"})])
    lacking = {each["worker_id"]: each["lacks"] for each in (await union.get(path)).json()["lines"]}
    assert lacking.pop(worker) == "\ue000"
    assert set(lacking.values()) == {""}
    made = await union.post(f"{path}/pdf", json={})
    text = PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
    async with evaluation.transactions.begin() as tx:
        await directory.save(tx, [known])
    assert f"王{WRITE_IN}" in text
    assert known.id_masked in text


async def test_three_sources_are_one_attendance_each_and_the_others_are_noted(evaluation, given, union):
    played = await given.an_order(heads=5, sessions=1)
    session = played.sessions[0]
    path = f"/sessions/{session.session_id}/list"
    lead = await given.opened(played, session)
    lines = (await lead.get(path)).json()["lines"]
    await given.signed(lead, session, [lines[0]["worker_id"]], late=3)
    await given.move_to(session.slot.ends_at)
    body = {
        "lines": [{"no": 1}, {"no": 2, "late": 20}, {"no": 3, "came": "09:00", "left": "11:00"}, {"no": 9}]
    }
    wanted = [
        (1, "already", None),
        (2, "taken", None),
        (3, "taken", None),
        (9, "refused", "paper.number_unknown"),
    ]
    looked = await union.post(f"{path}/look", json=body)
    assert outcomes(looked) == wanted
    assert [each["minutes"] for each in looked.json()] == [None, 160, 105, None]
    assert sum(each["way"] is not None for each in (await union.get(path)).json()["lines"]) == 1
    entered = await union.post(path, json=body)
    assert outcomes(entered) == wanted
    assert {each["name"] for each in entered.json()} == {None}
    again = await lead.post(path, json=body)
    assert [each[1] for each in outcomes(again)] == ["already", "already", "already", "refused"]
    assert [each["outcome"] for each in await given.signed(lead, session, [lines[1]["worker_id"]])] == [
        "already"
    ]
    seen = (await union.get(path)).json()["lines"]
    assert [each["way"] for each in seen] == ["scan", "paper", "paper", None, None]
    assert [[one["way"] for one in each["again"]] for each in seen] == [["paper"], ["scan"], [], [], []]
    await lead.post(f"/sessions/{session.session_id}/close")
    (closed,) = await evaluation.facts(played.order_id, type="session.closed.v1")
    told = {str(each.worker_id): (each.on_paper, each.minutes) for each in closed.attended}
    assert told == {
        lines[0]["worker_id"]: (False, 177), lines[1]["worker_id"]: (True, 160), lines[2]["worker_id"]: (True, 105),
    }  # fmt: skip
    late = await union.post(path, json=body)
    assert (late.status_code, late.json()["code"]) == (409, "sign_in.closed")


async def test_its_excel_file_comes_back(given, union):
    played = await given.an_order(heads=4, sessions=1)
    session = played.sessions[0]
    path = f"/sessions/{session.session_id}/list"
    await given.opened(played, session)
    await given.move_to(session.slot.ends_at)
    seen = (await union.get(path)).json()
    names = [each["name"] for each in seen["lines"]]
    beside = [["场次编号", str(session.session_id)], ["校验码", seen["mark"].upper()]]
    rows = [
        [1, names[0], "是"],
        [2, names[1], "否"],
        [3, names[0], "是"],
        [4, names[3], "是", "8:45", "10:00"],
    ]

    async def sent(content, name="sheet.xlsx"):
        return await union.post(f"{path}/file", files={"file": (name, content)})

    found = await sent(excel(rows, beside))
    assert outcomes(found) == [(1, "taken", None), (3, "refused", "paper.name_differs"), (4, "taken", None)]
    assert found.json()["mark"] == seen["mark"]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    for content, code in (
        (excel(rows, [["场次编号", str(uuid4())]]), "paper.another_session"),
        (excel(rows, [["校验码", "ABCDEFGHIJ"]]), "paper.another_list"),
        (excel([[1, names[0], "否"]]), "paper.nobody"),
        (bomb.getvalue(), "roster.file_too_large"),
        (b"no workbook", "roster.file_broken"),
    ):
        refused = await sent(content)
        assert refused.json()["code"] == code
    assert all(each["way"] is None for each in (await union.get(path)).json()["lines"])


async def test_a_sheet_is_not_entered_before_the_session_is_opened_nor_days_after_it(given, union):
    played = await given.an_order(heads=2, sessions=1)
    session = played.sessions[0]
    path = f"/sessions/{session.session_id}/list"
    body = {"lines": [{"no": 1}]}
    early = await union.post(path, json=body)
    assert (early.status_code, early.json()["code"]) == (409, "sign_in.not_open")
    lead = await given.opened(played, session)
    await given.move_to(session.slot.ends_at + timedelta(hours=72))
    late = await lead.post(path, json=body)
    assert (late.status_code, late.json()["code"]) == (409, "paper.too_late")
