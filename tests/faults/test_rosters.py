"""Files that are no roster: each refused as a whole, with its reason, and nobody's name kept."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest

from servicekit.sheets.reading import MOST_BYTES

from .house import House, no_failure_logged, raw, refused
from .story import HEAD, a_number, a_roster

NUMBER = a_number(8000)
HEADINGS = HEAD.split(",")


def an_excel(*rows: tuple[object, ...]) -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


GOOD = an_excel(("演示甲", NUMBER, "A", 8, ""))


def with_entry(name: str, content: bytes) -> bytes:
    package = io.BytesIO(GOOD)
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as entries:
        entries.writestr(name, content)
    return package.getvalue()


def with_sheet(sheet: bytes) -> bytes:
    """The good file with another XML as its sheet."""
    package = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as good,
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for entry in good.infolist():
            bad.writestr(entry, sheet if "sheet1" in entry.filename else good.read(entry))
    return package.getvalue()


def a_bomb() -> bytes:
    """A hundred kilobytes that unpack to more than 200 MB."""
    package = io.BytesIO(GOOD)
    with (
        zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED) as entries,
        entries.open("xl/worksheets/sheet9.xml", "w") as sheet,
    ):
        for _ in range(210):
            sheet.write(b" " * 1024 * 1024)
    return package.getvalue()


def a_lying_bomb() -> bytes:
    """The sheet unpacks to 300 MB, but the package says that it is small."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    inner = b"".join(deflate.compress(b" " * 1024 * 1024) for _ in range(300)) + deflate.flush()
    package = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as good,
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for entry in good.infolist():
            bad.writestr(entry, b"S" * 1000 if "sheet1" in entry.filename else good.read(entry))
    content = package.getvalue()
    # the small sheet's bytes are exchanged for the large one's; the sizes told stay as they were
    at = content.index(b"xl/worksheets/sheet1.xml") + len(b"xl/worksheets/sheet1.xml")
    header = content.rindex(b"PK\x03\x04", 0, at)
    size = struct.unpack("<I", content[header + 18 : header + 22])[0]
    return content[:at] + inner + content[at + size :]


def locked() -> bytes:
    """As Excel writes a file with a password: an OLE package with an encrypted part."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 1000
    )


def old_with_macros() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "_VBA_PROJECT".encode("utf-16-le") + b"\0" * 1000
    )


ENDLESS = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000
ENDLESS += (
    b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]><worksheet><sheetData><row><c t="str"><v>&c;</v></c></row>'
)
ENDLESS += b"</sheetData></worksheet>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData>'
OUTSIDE += b'<row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>'
FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
TWO_FAR = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="10019"><c r="XFD10019">'
CORNERS = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>' + FAR[22:]
TWO_FAR += b"<v>1</v></c></row></sheetData></worksheet>"

FILES = {
    "an empty file": ("花名册.xlsx", b"", "roster.file_empty"),
    "just above 10 MB": ("花名册.xlsx", GOOD + b"\0" * (MOST_BYTES + 1 - len(GOOD)), "roster.file_too_large"),
    "words in a file of this name": ("花名册.xlsx", b"please take my workers", "roster.file_broken"),
    "half a file": ("花名册.xlsx", GOOD[: len(GOOD) // 2], "roster.file_broken"),
    "a zip without anything": ("花名册.xlsx", b"PK\x05\x06" + b"\0" * 18, "roster.file_broken"),
    "a zip of something else": ("花名册.xlsx", with_entry("x", b"")[:4] + b"\0" * 5000, "roster.file_broken"),
    "macros": ("花名册.xlsx", with_entry("xl/vbaProject.bin", b"macro"), "roster.file_macros"),
    "macros by name": ("花名册.XLSM", GOOD, "roster.file_macros"),
    "a macro sheet": ("花名册.xlsx", with_entry("xl/macrosheets/sheet1.xml", b"<x/>"), "roster.file_macros"),
    "old Excel with macros": ("花名册.xls", old_with_macros(), "roster.file_macros"),
    "a password": ("花名册.xlsx", locked(), "roster.file_locked"),
    "a zip bomb": ("花名册.xlsx", a_bomb(), "roster.file_too_large"),
    "a picture": ("花名册.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "roster.file_kind"),
    "a PDF": ("花名册.pdf", b"%PDF-1.7", "roster.file_kind"),
    "no ending": ("花名册", HEAD.encode(), "roster.file_kind"),
    "only a heading": ("花名册.csv", HEAD.encode(), "roster.no_rows"),
    "another heading": ("花名册.csv", "序号,部门\n1,电工班".encode(), "roster.no_heading"),
    "an Excel without a heading": (
        "花名册.xlsx",
        with_sheet(b"<worksheet><sheetData/></worksheet>"),
        "roster.no_heading",
    ),
    "a CSV with NUL": ("花名册.csv", HEAD.encode() + b"\n\0\0,1,A", "roster.file_broken"),
    "a CSV in UTF-16": ("花名册.csv", HEAD.encode("utf-16"), "roster.file_broken"),
    "a CSV that is no text": ("花名册.csv", b"\xff\xff\xff", "roster.file_broken"),
    "more rows than may be": ("花名册.csv", a_roster(1) + b"\r\n,,,," * 10_100, "roster.too_many_rows"),
    "one field without an end": ("花名册.csv", HEAD.encode() + b'\n"' + b"x" * 200_000, "roster.file_broken"),
}
HARMLESS = {"roster.file_broken", "roster.no_heading", "roster.too_many_cells", "roster.too_many_rows"}
MADE_TO_HARM = {
    "a bomb that tells a small size": a_lying_bomb(),
    "entities in entities": with_sheet(ENDLESS),
    "a file of the server": with_sheet(OUTSIDE),
    "a cell at the end of the sheet": with_sheet(FAR),
    "two cells ten thousand rows apart": with_sheet(TWO_FAR),
    "two cells a million rows apart": with_sheet(CORNERS),
    "two cells apart, in other words": with_sheet(
        CORNERS.replace(b'"', b"'")
        .replace(b"<c", b"<x:c")
        .replace(b"</c", b"</x:c")
        .replace(b"<worksheet", b"<worksheet xmlns:x='y'")
    ),
    "XML without an end": with_sheet(b"<worksheet><sheetData><row>"),
    "no XML": with_sheet(b"\0\1\2\3"),
}


async def send(house: House, name: str, content: bytes, **more: str):
    clerk = house.client("order-intake", "enterprise")
    address = f"/orders/{house.known['draft']}/lines/1/roster?take=true"
    return await clerk.post(address, files={"file": (name, content)}, **more)


class TestFilesThatAreNone:
    @pytest.mark.parametrize(("name", "content", "code"), FILES.values(), ids=FILES)
    async def test_each_says_why(self, house, name, content, code):
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                refused(await send(house, name, content), 422, code, "file")

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("content", MADE_TO_HARM.values(), ids=MADE_TO_HARM)
    async def test_what_is_made_to_harm_does_not(self, house, content):
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                answer = await send(house, "花名册.xlsx", content)
                assert "root:" not in answer.text
                code = answer.json()["code"]
                assert code in HARMLESS, code

    async def test_a_csv_of_excel_in_china_is_read(self, house):
        address = f"/orders/{house.known['draft']}/lines/1/roster?take=false"
        async with house.nothing_stored("order-intake"):
            clerk = house.client("order-intake", "enterprise")
            for encoding in ("gbk", "gb18030", "utf-8-sig"):
                file = {"file": ("花名册.csv", a_roster(2, encoding))}
                answer = await clerk.post(
                    address, files=file, headers={"Idempotency-Key": f"look-{encoding}"}
                )
                assert answer.json()["taken"] == 2, answer.text
                async with house.services["order-intake"].transactions.begin() as tx:
                    await tx.driver.execute("delete from answered where key like 'look-%'")


ROWS = {
    "an ID kept as a number": (("演示甲", 350402199001010013, "A"), "roster.id_as_number"),
    "an ID with lost digits": (("演示甲", "3.50402E+17", "A"), "roster.id_as_number"),
    "a wrong check character": (
        ("演示甲", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), "A"),
        None,
    ),
    "born on 30 February": (("演示甲", "350402199002300019", "A"), None),
    "a formula": (("=cmd|' /C calc'!A1", NUMBER, "A"), None),
    "a crew that the works do not have": (("演示甲", NUMBER, "Q"), "roster.crew_unknown"),
    "a level that nobody knows": (("演示甲", NUMBER, "A", 8, "L99"), "roster.level_unknown"),
    "a thousand years in the trade": (("演示甲", NUMBER, "A", 1000), "roster.years_wrong"),
    "less than no years": (("演示甲", NUMBER, "A", -3), "roster.years_wrong"),
    "a name of a thousand characters": (("演" * 1000, NUMBER, "A"), "roster.name_wrong"),
    "an error of Excel": (("#REF!", NUMBER, "A"), "roster.name_missing"),
}


class TestRows:
    @pytest.mark.parametrize(("row", "code"), ROWS.values(), ids=ROWS)
    async def test_a_row_that_cannot_be_meant_says_why_and_is_not_kept(self, house, row, code):
        answer = await send(
            house, "花名册.xlsx", an_excel(row), headers={"Idempotency-Key": "a-row-to-forget"}
        )
        async with house.services["order-intake"].transactions.begin() as tx:
            await tx.driver.execute("delete from answered where key = 'a-row-to-forget'")
        assert answer.status_code == 200, answer.text
        [told] = answer.json()["rows"]
        assert (told["state"], answer.json()["taken"]) == ("refused", 0), told
        if code:
            assert code in [reason["code"] for reason in told["reasons"]]
        assert str(row[1]) not in answer.text


class TestForms:
    async def test_a_form_that_is_none_is_refused(self, house):
        clerk = house.client("order-intake", "enterprise")
        address = f"/orders/{house.known['draft']}/lines/1/roster?take=true"
        bodies = {
            "no boundary": raw(b"abc", "multipart/form-data"),
            "no parts": raw(b"--x--\r\n", "multipart/form-data; boundary=x"),
            "cut off": raw(
                b'--x\r\nContent-Disposition: form-data; name="file"; filename="a',
                "multipart/form-data; boundary=x",
            ),
            "no file in the file field": {"data": {"file": "words"}},
            "another field": {"files": {"roster": ("a.csv", b"x")}},
            "two thousand fields": {"files": [("x", ("a.csv", b"x"))] * 2000},
            "JSON": {"json": {"file": "x"}},
        }
        async with house.nothing_stored("order-intake"):
            with no_failure_logged():
                for name, body in bodies.items():
                    answer = await clerk.post(address, **body)
                    assert 400 <= answer.status_code < 500, (name, answer.text)
                    assert answer.json()["sentences"].keys() == {"zh", "en"}, name

    async def test_more_than_a_form_with_10_mb_is_not_even_read(self, house):
        content = b"\0" * (MOST_BYTES + 200_000)
        async with house.nothing_stored("order-intake"):
            refused(await send(house, "花名册.xlsx", content), 413, "request.too_large")
