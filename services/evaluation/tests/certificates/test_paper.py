"""The printed certificate, read back from the PDF."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from evaluation.paper import FontMissingError, Paper, Sheet
from evaluation.settings import Settings

SHEET = Sheet(
    number="S000035000000264000001",
    check="abcdefghij",
    demo=True,
    kind="skill_level",
    holder="王小明",
    id_masked="350400********1234",
    occupation_code="6-31-01-03",
    occupation=("电工", "Electrician"),
    level=("四级/中级工", "Level 4 / intermediate worker"),
    marks=(("theory", "78.5", "60.0"), ("practical", "60.0", "60.0"), ("review", "61.0", "60.0")),
    issuer="三明市总工会",
    issued_on=date(2026, 5, 6),
)


@pytest.fixture(scope="module")
def paper() -> Paper:
    settings = Settings()
    return Paper(settings.fonts, settings.font_family, "https://songjiao.example")


def text_of(printed: bytes) -> str:
    reader = PdfReader(io.BytesIO(printed))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text()


def test_everything_of_the_certificate_can_be_read(paper):
    text = text_of(paper.print(SHEET))
    for words in (
        "王小明", "350400********1234", "电工", "Electrician", "6-31-01-03", "四级/中级工", "三明市总工会",
        "S000035000000264000001", "78.5", "60.0", "61.0", "理论知识", "操作技能", "综合评审",
        "2026 年 5 月 6 日", "https://songjiao.example/c/S000035000000264000001?k=abcdefghij",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("name", ["䶮䶮", "㛃小文", "𬭚志强", "买买提·吐尔逊", "欧阳䶮㛃𬭚"])
def test_rare_characters_of_names_are_printed_as_they_are(paper, name):
    assert name in text_of(paper.print(replace(SHEET, holder=name)))


def test_the_same_certificate_is_the_same_bytes(paper):
    printed = paper.print(SHEET)
    settings = Settings()
    other = Paper(settings.fonts, settings.font_family, "https://songjiao.example")
    assert printed == paper.print(SHEET) == other.print(SHEET)
    assert printed != paper.print(replace(SHEET, number="S000035000000264000002"))


def test_a_demo_number_says_so_and_an_official_one_does_not(paper):
    assert "演示" in text_of(paper.print(SHEET))
    assert "演示" not in text_of(paper.print(replace(SHEET, demo=False)))


@pytest.mark.parametrize("name", ['#set text(red)"', "= 王\\ *x* $1$ @y <z>", "a" * 60])
def test_what_looks_like_a_template_is_only_words(paper, name):
    text = text_of(paper.print(replace(SHEET, holder=name))).replace("\n", "")
    assert name.replace(" ", "") in text.replace(" ", "")


def test_without_its_font_nothing_starts(tmp_path):
    with pytest.raises(FontMissingError, match="manimgx-fonts-cjk"):
        Paper(tmp_path, "Noto Sans CJK SC", "https://songjiao.example")
