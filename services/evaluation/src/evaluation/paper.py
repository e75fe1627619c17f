"""What is printed: one PDF/A by typst, the same bytes for the same certificate, with a QR code.

Everything that is said goes in as data, never into the template's text. A character that no font here has is found
before anything is printed: nobody gets a paper with an empty box in their name.
"""

import base64
import hmac
import io
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Final

import segno
import typst
from fontTools.ttLib import TTFont

CHECK_CHARACTERS = 10
MASK = 2
"""Of the QR code. Of the eight patterns this is the best for nearly all of our addresses (140 of 150 tried); to weigh
all eight for each anew would take as long as half of printing.
"""
TEMPLATE = Path(__file__).with_name("certificate.typ").read_bytes()
LEVEL: Final = "a-2u"
"""PDF/A: kept for decades, fonts inside, every character can be read back as text (ISO 19005-2, level U)."""
DRAWN_BY_NOTHING = frozenset({"Cf", "Zs", "Cc"})
"""Unicode categories of what needs no glyph: spaces, joiners."""
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Variation selectors: where a font has no such variant it draws the character itself."""


class FontMissingError(RuntimeError):
    """The folder of fonts does not hold what certificates are printed in."""


@dataclass(frozen=True)
class Sheet:
    """What is printed. Pairs are Chinese and English."""

    number: str
    check: str
    demo: bool
    kind: str
    holder: str
    id_masked: str
    occupation_code: str
    occupation: tuple[str, str]
    level: tuple[str, str]
    marks: tuple[tuple[str, str, str], ...]
    """Part, mark, pass mark."""
    issuer: str
    issued_on: date
    valid_until: date | None = None
    title: tuple[str, str] | None = None
    """As the programme calls this kind; none = as the template does."""

    @property
    def words(self) -> str:
        """All that is printed of this certificate and of no template."""
        pairs = (*self.occupation, *self.level, *(self.title or ()))
        return "".join((self.holder, self.id_masked, self.occupation_code, *pairs, self.issuer, self.number))


class Paper:
    """Prints certificates, and what other templates say. Made once: the fonts stay loaded."""

    def __init__(self, fonts: Path, family: str, public_url: str, *more: Path) -> None:
        """`more`: folders with further fonts, for characters that the family does not have."""
        self._fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(each) for each in (fonts, *more)],
        )
        if family not in self._fonts.families():
            raise FontMissingError(
                f"certificates are printed in {family!r}, which is not in the folder of SONGJIAO_FONTS; "
                "install the package manimgx-fonts-cjk, or point SONGJIAO_FONTS and SONGJIAO_FONT_FAMILY to "
                "a font with Chinese"
            )
        self._family = family
        self._faces = frozenset(
            (each.path, each.index)
            for each in self._fonts.fonts()
            if each.path and (each.family == family or not Path(each.path).is_relative_to(fonts))
        )
        self._public_url = public_url

    def address_of(self, number: str, check: str) -> str:
        """Where the public checks a certificate: what the QR code says."""
        return f"{self._public_url}/c/{number}?k={check}"

    def lacks(self, words: str) -> str:
        """The characters of these words that no font here has, each once; reads the fonts at the first call."""
        drawn = dict.fromkeys(each for each in words if _is_drawn(each))
        return "".join(each for each in drawn if ord(each) not in _covered(self._faces))

    def inputs(self, sheet: Sheet) -> dict[str, str]:
        """What the template is given: the same for the same certificate."""
        address = self.address_of(sheet.number, sheet.check)
        data = {
            "number": sheet.number,
            "address": address,
            "demo": sheet.demo,
            "kind": sheet.kind,
            "holder": sheet.holder,
            "id_masked": sheet.id_masked,
            "occupation_code": sheet.occupation_code,
            "occupation": sheet.occupation,
            "level": sheet.level,
            "marks": sheet.marks,
            "issuer": sheet.issuer,
            "issued_on": _day(sheet.issued_on),
            "valid_until": _day(sheet.valid_until) if sheet.valid_until else None,
            "title": sheet.title,
        }
        return self._told(data, address)

    def _told(self, data: Mapping[str, object], address: str) -> dict[str, str]:
        told = {"family": self._family, **data}
        return {"data": json.dumps(told, ensure_ascii=False), "qr": _qr(address)}

    def compile(self, template: bytes, data: Mapping[str, object], address: str) -> bytes:
        """The PDF of a template with this data, and `address` as its code."""
        return self.compiled(self._told(data, address), template, kept=False)

    def compiled(self, inputs: dict[str, str], template: bytes = TEMPLATE, *, kept: bool = True) -> bytes:
        """Typst alone; `kept`: what is archived is PDF/A, a sheet to be written on is not."""
        printed = typst.compile(
            template,
            font_paths=self._fonts,
            format="pdf",
            pdf_standards=LEVEL if kept else None,
            sys_inputs=inputs,
        )
        assert isinstance(printed, bytes)
        return printed

    def print(self, sheet: Sheet) -> bytes:
        """The PDF. Takes some 15 ms of one core: call it in a thread. Nothing that it prints is lacking (`lacks`)."""
        return self.compiled(self.inputs(sheet))


def _day(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _is_drawn(character: str) -> bool:
    if unicodedata.category(character) in DRAWN_BY_NOTHING:
        return False
    return not any(ord(character) in each for each in SELECTORS)


@cache
def _covered(faces: frozenset[tuple[str, int]]) -> frozenset[int]:
    """Code points that one of these fonts has: what typst takes where the family has none. Some 0.2 s a font."""
    found: set[int] = set()
    for path, index in faces:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            found.update(font.getBestCmap() or ())
    return frozenset(found)


def _qr(address: str) -> str:
    """The code as SVG; medium error correction, so that a stamp on its edge does not break it."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=MASK).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()


def check_sum(key: bytes, number: str) -> str:
    """What only this installation can say about a number: 50 bits of a keyed hash, ten characters."""
    whole = hmac.digest(key, f"certificate\0{number}".encode(), "sha256")
    return base64.b32encode(whole).decode().lower()[:CHECK_CHARACTERS]


def checker(key: str) -> Callable[[str], str]:
    """The sum under this key (base64 of 32 bytes)."""
    return partial(check_sum, base64.b64decode(key, validate=True))
