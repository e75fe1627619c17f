"""What is made of a file that is said to be a photo: a JPEG without anything but the picture. Pure.

What a phone writes beside the picture is left out; the place is told apart. Nothing is unpacked before it is known
how large it becomes.
"""

import contextlib
import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD

from contracts.programme_delivery import PhotoRules
from contracts.refusals import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
SMALL = 320
"""The longer side of the small picture on a page, in pixels."""
QUALITY, SMALL_QUALITY = 82, 75
MILLION = 1_000_000
MEGABYTE = 1024 * 1024
MOST_EXIF = 64 * 1024
"""Bytes of one segment of a JPEG."""
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    ZeroDivisionError,
)
"""What readers of pictures throw at a file that is none."""


@dataclass(frozen=True)
class Picture:
    """The picture as it is kept, a small one for pages, and where it was taken, if that was told."""

    content: bytes
    small: bytes
    sha256: str
    place: str | None


def cleaned(content: bytes, limits: PhotoRules, exif: bytes = b"") -> Picture:
    """The picture in a file; `photo.no_image`, `photo.too_large`, `photo.too_many_pixels`.

    `exif` = what a page of ours has cut off before it made the picture smaller. Takes some 100 ms of one core and
    the memory of the pixels: call it in a thread, one after the other.
    """
    if len(content) > limits.megabytes * MEGABYTE:
        raise Invalid("photo.too_large", field="file", most=limits.megabytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is asked below
            with Image.open(io.BytesIO(content), formats=FORMATS) as found:
                if found.width * found.height > limits.megapixels * MILLION:
                    raise Invalid("photo.too_many_pixels", field="file", most=limits.megapixels)
                place = _place(found.getexif()) or _place(_apart(exif))
                found.draft("RGB", (limits.side, limits.side))
                whole = ImageOps.exif_transpose(found).convert("RGB")
    except Image.DecompressionBombError:  # more than the reader itself would begin with
        raise Invalid("photo.too_many_pixels", field="file", most=limits.megapixels) from None
    except BROKEN:
        raise Invalid("photo.no_image", field="file") from None
    whole.thumbnail((limits.side, limits.side))
    kept = _jpeg(whole, QUALITY)
    whole.thumbnail((SMALL, SMALL))
    return Picture(kept, _jpeg(whole, SMALL_QUALITY), hashlib.sha256(kept).hexdigest(), place)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)  # the pixels and nothing else
    plain.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _apart(exif: bytes) -> Image.Exif:
    told = Image.Exif()
    if exif.startswith(b"Exif\0\0") and len(exif) <= MOST_EXIF:
        with contextlib.suppress(*BROKEN):
            told.load(exif)
    return told


def _place(exif: Image.Exif) -> str | None:
    """Latitude and longitude in degrees; nothing when the phone said none, or none on earth."""
    try:
        gps: Mapping[int, Any] = exif.get_ifd(IFD.GPSInfo)
        latitude = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef] == "S")
        longitude = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef] == "W")
    except BROKEN:
        return None
    return f"{latitude:.5f},{longitude:.5f}" if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004  degrees


def _degrees(told: Any, negative: bool) -> float:  # noqa: FBT001  said where it is called
    degrees, minutes, seconds = map(float, told)
    whole = degrees + minutes / 60 + seconds / 3600
    return -whole if negative else whole
