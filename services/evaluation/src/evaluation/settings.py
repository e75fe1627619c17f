"""What evaluation can be told from outside, beside what every service can."""

import base64
from pathlib import Path

import manimgx_fonts_cjk
from pydantic import Field, SecretStr, field_validator

from servicekit.settings import Settings as KitSettings

KEY_BYTES = 32


class Settings(KitSettings):
    """The settings of evaluation."""

    port: int = Field(8104, ge=0, le=65535, description="TCP port of the HTTP server; 0 = any free one.")
    public_url: str = Field(
        "http://127.0.0.1:8100",
        description="Base URL under which the public reaches the portal; a certificate's QR code leads there.",
    )
    check_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the check sums in certificates' QR codes: 32 bytes, base64. Another key means "
        "another sum: printed certificates would no longer check.",
    )
    fonts: Path = Field(
        Path(manimgx_fonts_cjk.__file__).parent,
        description="Folder with the fonts of certificates; must hold the family of SONGJIAO_FONT_FAMILY.",
    )
    font_family: str = Field(
        "Noto Sans CJK SC",
        description="Font family of certificates: Chinese, rare characters of names included.",
    )

    photos: str = Field(
        "photos",
        description="Where photos of sessions are kept: a folder, or `s3://bucket/prefix` of anything that speaks S3.",
    )
    photos_endpoint: str = Field("", description="Base URL of that S3 server; empty = Amazon's own.")
    photos_region: str = Field("us-east-1", description="Region of the bucket.")
    photos_key: SecretStr = Field(SecretStr(""), description="Access key of the bucket.")
    photos_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    rare_fonts: Path = Field(
        Path("/usr/share/fonts/truetype/hanazono"),
        description="Folder with further fonts, for rare characters of names that the family lacks; may be missing. "
        "Debian's package fonts-hanazono puts its own there.",
    )

    printed_at_once: int = Field(
        120,
        ge=1,
        le=2000,
        description="Certificates that are printed between two commits when all of an order are: so many are printed "
        "again after a crash.",
    )

    @field_validator("check_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value():
            try:
                raw = base64.b64decode(key.get_secret_value(), validate=True)
            except ValueError:
                raw = b""
            if len(raw) != KEY_BYTES:
                raise ValueError("SONGJIAO_CHECK_KEY must be 32 bytes in base64")
        return key

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")
