"""What is made of files that are said to be photos."""

import io
import struct
import zlib

import pytest
from PIL import Image

from contracts.refusals import Invalid
from evaluation.photos.pictures import MEGABYTE, cleaned

from .. import builders as a
from .photographed import a_photo

pytestmark = pytest.mark.rules
LIMITS = a.the_programmes().rules.delivery.photographing(a.MONDAY)


def refused(content, limits=LIMITS):
    with pytest.raises(Invalid) as why:
        cleaned(content, limits)
    return why.value.code


def test_only_the_picture_is_kept_and_the_place_apart():
    content = a_photo(place=True, owner="张三的手机")
    assert b"Exif" in content
    found = cleaned(content, LIMITS)
    assert found.place == "26.26389,117.63889"
    for kept in (found.content, found.small):
        assert b"Exif" not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert (picture.format, dict(picture.getexif()), picture.info.get("comment")) == (
                "JPEG",
                {},
                None,
            )
    assert found.sha256 == cleaned(content, LIMITS).sha256
    assert cleaned(a_photo(), LIMITS).place is None


def test_a_large_one_is_made_smaller_and_turned_upright():
    with Image.open(io.BytesIO(cleaned(a_photo(4000, 3000, turned=True), LIMITS).content)) as picture:
        assert picture.size == (1200, 1600)


def test_what_our_page_cut_off_tells_the_place():
    with Image.open(io.BytesIO(a_photo(place=True))) as whole:
        exif = whole.info["exif"]
    assert cleaned(a_photo(), LIMITS, exif).place == "26.26389,117.63889"
    assert cleaned(a_photo(), LIMITS, b"Exif\0\0nonsense").place is None
    assert cleaned(a_photo(), LIMITS, b"x" * 100_000).place is None


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_jpeg(kind):
    assert cleaned(a_photo(kind=kind), LIMITS).content.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", b"%PDF-1.7 ...", b"GIF89a" + b"\0" * 50, a_photo()[:400], b"PK\x03\x04" + b"\0" * 100,
     b'<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ids=["empty", "text", "pdf", "gif", "half", "zip", "svg"],
)  # fmt: skip
def test_what_is_no_photo_is_refused(content):
    assert refused(content) == "photo.no_image"


def test_one_that_unpacks_to_gigabytes_is_refused_before_it_does():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
    assert refused(bomb) == "photo.too_many_pixels"


def test_one_that_is_too_heavy_is_refused():
    assert refused(b"\xff\xd8" + b"\0" * (LIMITS.megabytes * MEGABYTE)) == "photo.too_large"
