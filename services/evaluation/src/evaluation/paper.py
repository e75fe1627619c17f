"""What is printed: one PDF by typst, the same bytes for the same certificate, with a QR code.

Everything that is said goes in as data, never into the template's text.
"""

import base64
import hmac
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import segno
import typst

CHECK_CHARACTERS = 10
TEMPLATE = Path(__file__).with_name("certificate.typ").read_bytes()


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


class Paper:
    """Prints certificates, and what other templates say. Made once: the fonts stay loaded."""

    def __init__(self, fonts: Path, family: str, public_url: str) -> None:
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)]
        )
        if family not in self._fonts.families():
            raise FontMissingError(
                f"certificates are printed in {family!r}, which is not in the folder of SONGJIAO_FONTS; "
                "install the package manimgx-fonts-cjk, or point SONGJIAO_FONTS and SONGJIAO_FONT_FAMILY to "
                "a font with Chinese"
            )
        self._family = family
        self._public_url = public_url

    def address_of(self, number: str, check: str) -> str:
        """Where the public checks a certificate: what the QR code says."""
        return f"{self._public_url}/c/{number}?k={check}"

    def print(self, sheet: Sheet) -> bytes:
        """The PDF. Takes some 15 ms of one core: call it in a thread."""
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
            "issued_on": [sheet.issued_on.year, sheet.issued_on.month, sheet.issued_on.day],
        }
        return self.compile(TEMPLATE, data, address)

    def compile(self, template: bytes, data: Mapping[str, object], address: str) -> bytes:
        """The PDF of a template with this data, and `address` as its code."""
        told = {"family": self._family, **data}
        printed = typst.compile(
            template,
            font_paths=self._fonts,
            format="pdf",
            sys_inputs={"data": json.dumps(told, ensure_ascii=False), "qr": _qr(address)},
        )
        assert isinstance(printed, bytes)
        return printed


def _qr(address: str) -> str:
    """The code as SVG; medium error correction, so that a stamp on its edge does not break it."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()


def check_sum(key: bytes, number: str) -> str:
    """What only this installation can say about a number: 50 bits of a keyed hash, ten characters."""
    whole = hmac.digest(key, f"certificate\0{number}".encode(), "sha256")
    return base64.b32encode(whole).decode().lower()[:CHECK_CHARACTERS]


def checker(key: str) -> Callable[[str], str]:
    """The sum under this key (base64 of 32 bytes)."""
    return partial(check_sum, base64.b64decode(key, validate=True))
