"""Made-up people: valid check digits, a region code that no real ID has, the same for the same seed."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import xlsxwriter

DEMO_REGION = "350400"
"""Sanming City itself: IDs are issued by counties, so no real number begins with it."""
_SURNAMES = "陈林黄张吴李郑王刘苏邓罗廖谢杨曾赖赵周徐叶肖江范魏"
_GIVEN = "志强建国秀英伟芳明华丽军敏静磊洋勇艳杰娟涛超霞平刚桂香玉兰海燕龙小红文辉俊峰晓东春梅"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FIRST_BIRTH, _BIRTH_DAYS = date(1970, 1, 1), 11_000


@dataclass(frozen=True)
class Worker:
    """A row of a roster."""

    name: str
    id_number: str
    crew: str
    years_in_trade: int


def name(draw: random.Random) -> str:
    """A Chinese name, made up."""
    return draw.choice(_SURNAMES) + "".join(draw.sample(_GIVEN, draw.choice((1, 2, 2))))


def id_number(birth: date, serial: int) -> str:
    """A resident ID number with a right check character in the demo region (GB 11643)."""
    body = f"{DEMO_REGION}{birth:%Y%m%d}{serial % 1000:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def workforce(enterprise: int, heads: int, crews: Sequence[str], seed: int) -> list[Worker]:
    """The enterprise's workers, its number in the season telling them from all others'."""
    draw = random.Random(f"{seed}/{enterprise}")  # noqa: S311  a play, no secret
    made = []
    for number in range(heads):
        running = enterprise * 2000 + number
        birth = _FIRST_BIRTH + timedelta(days=(running // 1000 * 397 + number * 7) % _BIRTH_DAYS)
        years = draw.randint(11, 20)
        made.append(Worker(name(draw), id_number(birth, running), crews[number % len(crews)], years))
    return made


def roster(workers: Sequence[Worker], holds_level: str) -> bytes:
    """The Excel file that the enterprise's clerk uploads; ID numbers as text."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    text = book.add_format({"num_format": "@"})
    for column, title in enumerate(("姓名", "身份证号", "班组", "从业年限", "现有等级")):
        sheet.write(0, column, title)
    for row, worker in enumerate(workers, start=1):
        sheet.write(row, 0, worker.name)
        sheet.write_string(row, 1, worker.id_number, text)
        sheet.write(row, 2, worker.crew)
        sheet.write_number(row, 3, worker.years_in_trade)
        sheet.write(row, 4, holds_level)
    book.close()
    return file.getvalue()


def credit_code(division: str, serial: int) -> str:
    """A made-up unified social credit code that passes both checks; MAXX stands where a body code would."""
    organisation = f"MAXX{serial % 10000:04d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(c, 36) * w for c, w in zip(organisation, weights, strict=True)) % 11
    inner = {10: "X", 11: "0"}.get(rest, str(rest))
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{division}{organisation}{inner}"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]
