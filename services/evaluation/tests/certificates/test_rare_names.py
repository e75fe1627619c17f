"""Names with rare characters: every glyph is on the paper and can be read back, or is told to be lacking before."""

import io
import random
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from evaluation.main import rare_fonts
from evaluation.paper import Paper
from evaluation.settings import Settings

from .test_paper import SHEET

SURNAMES = "㛃䶮仉乜佴亓厍逄鄞鄢邸郗郜郓鄯妫妘姒嬴亶冼俞葰昝暴檀牟㝢䲟䣝㘎"
"""Of the list of surnames, and of extension A."""
OF_THE_NORM = (
    "𬱖𬭚𬍛𬇕𬸘𬒈𬬮𫖯𫍣𫐓𫟼𫄸𬘓𬘭𬙂𫛭𬶍𬶋𫔶𬀩𬀪𬣙𬣞𬤊𬬻𬬿𬬹𬬸𬭊𬭁𬭳𬭼𬭛𬭬𬮱𬮿𬯀𬯎𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬷕𬸣𬸪𬺈𬺓"
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫇭𫌀𫍯𫍲𫍽𫐄𫐐𫓧𫓯𫓶𫓹"
)
"""Characters beyond the basic plane of the general list of standard characters (2013): GB 18030-2022, level 2."""
EXTENSION_A = range(0x3400, 0x4DB6)
"""Without the ten characters that Unicode 13 has added behind it: the font has not all of them."""
BASIC = range(0x4E00, 0xA000)
NAMES = 500
OF_A_PAPER = 10


def rare_names() -> list[str]:
    """The same each time: with two rare characters each, some joined by the dot of long names."""
    drawn = random.Random(18030)
    found = []
    for number in range(NAMES):
        first = chr(drawn.choice(EXTENSION_A))
        second = drawn.choice(OF_THE_NORM) if number % 2 else chr(drawn.choice(BASIC))
        dot = "·" if number % 10 == 0 else ""
        found.append(f"{drawn.choice(SURNAMES)}{first}{dot}{second}")
    return found


@pytest.fixture(scope="module")
def paper() -> Paper:
    settings = Settings()
    return Paper(settings.fonts, settings.font_family, "https://songjiao.example", *rare_fonts(settings))


def glyphs_of(page, reader) -> list[int]:
    """The numbers of all glyphs that are drawn; 0 is the empty box."""
    found = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in (b"Tj", b"TJ"):
            shown = operands[0] if operator == b"TJ" else [operands[0]]
            for each in shown:
                if hasattr(each, "original_bytes"):
                    raw = each.original_bytes
                    found += [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
    return found


def test_five_hundred_rare_names_are_printed_with_every_glyph_and_read_back(paper):
    names = rare_names()
    assert len(set(names)) == NAMES
    assert not paper.lacks("".join(names))
    for at in range(0, NAMES, OF_A_PAPER):
        of_this = names[at : at + OF_A_PAPER]
        reader = PdfReader(io.BytesIO(paper.print(replace(SHEET, holder=" ".join(of_this)))))
        (page,) = reader.pages
        drawn = glyphs_of(page, reader)
        assert len(drawn) > len("".join(of_this))
        assert 0 not in drawn
        text = "".join(page.extract_text().split())
        assert [name for name in of_this if name not in text] == []


def test_the_paper_is_kept_for_decades_with_its_fonts_inside(paper):
    reader = PdfReader(io.BytesIO(paper.print(SHEET)))
    told = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in told
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    assert fonts
    for font in fonts:
        (inner,) = font.get_object()["/DescendantFonts"]
        described = inner.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described), "not embedded"
        assert "/ToUnicode" in font.get_object()


@pytest.mark.parametrize("odd", ["\U0002ffff", "\ue000", "䶻"])
def test_a_character_that_no_font_has_is_told_before(paper, odd):
    assert paper.lacks(f"王{odd}明{odd}") == odd
    assert paper.lacks("欧阳\u3000·\ufe00䶮 \u200b") == ""
