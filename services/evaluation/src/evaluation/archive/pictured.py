"""Photos of lessons in what goes to others: not the pictures, but what proves that one is the same. In Chinese."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from evaluation.archive.tables import table
from evaluation.delivery.session import Session
from evaluation.photos.rules import Photo
from servicekit.packs import File

HEAD = ("课次编号", "照片编号", "SHA-256", "字节", "存入时间")


def photos_table(folder: str, photos: Sequence[Photo], zone: ZoneInfo) -> File:
    """One line each, by lesson, as they came."""
    rows = [
        (
            str(each.session_id), str(each.photo_id), each.sha256, each.size,
            each.kept_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        )
        for each in sorted(photos, key=lambda each: (each.session_id, each.kept_at, each.photo_id))
    ]  # fmt: skip
    return table(f"{folder}/课堂照片.csv", HEAD, rows)


def lacking_photos(lessons: Sequence[Session], photos: Sequence[Photo]) -> list[str]:
    """How many lessons nobody has sent a photo of, in words."""
    there = {each.session_id for each in photos}
    without = sum(each.session_id not in there for each in lessons)
    return [f"课堂照片：{without} 次课没有照片"] if without else []
