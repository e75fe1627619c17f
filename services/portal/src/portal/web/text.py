"""The catalogue of what pages say, the files of `locale/zh` and `locale/en`, and how dates and times are written.

board.open_orders: {one: "{count} open order", other: "{count} open orders"}      # by `count`
"""

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from contracts.sentences import LANGUAGES, all_sentences

FOLDER = Path(__file__).parents[1] / "locale"
OTHER = {"zh": "en", "en": "zh"}
DAY = 86400
ISO = re.compile(r"\d{4}-\d{2}-\d{2}($|T\d{2}:)")
Entry = str | dict[str, str]


@cache
def catalogue(language: str) -> Mapping[str, Entry]:
    """All entries of a language, from every file of its folder; `ValueError` for a key that stands twice."""
    read: dict[str, Entry] = {}
    for file in sorted((FOLDER / language).glob("*.yaml")):
        entries: dict[str, Entry] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if twice := read.keys() & entries.keys():
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))} stands in another file too")
        read |= entries
    return read


class _Known(dict[str, Any]):
    """A figure that is missing shows as a dash: an old fact may lack it."""

    def __missing__(self, key: str) -> str:
        return "—"


@dataclass(frozen=True)
class Text:
    """Everything a page says, in one language and zone."""

    language: str
    zone: ZoneInfo

    def __call__(self, key: str, /, **figures: Any) -> str:
        """The entry, filled in; `KeyError` for one that is not there."""
        return self._filled(key, figures)

    def has(self, key: str) -> bool:
        """Whether there is such an entry."""
        return key in catalogue(self.language)

    def or_code(self, prefix: str, code: str, /, **figures: Any) -> str:
        """The entry of a code that comes from data; the code itself where there is none."""
        key = f"{prefix}.{code}"
        return self(key, **figures) if self.has(key) else code

    def reason(self, code: str, figures: Mapping[str, Any]) -> str:
        """Why something is so: our own sentence, that of a refusal with the same code, or the bare code."""
        known = _Known(figures)
        if self.has(f"reason.{code}"):
            return self._filled(f"reason.{code}", known)
        if code in all_sentences():
            return all_sentences()[code][self.language].format_map(known)
        return " ".join([code, *(f"{name}={value}" for name, value in figures.items())])

    def sentence(self, code: str, figures: Mapping[str, Any]) -> str:
        """A rule's sentence as the HTTP interface says it; it must be one."""
        return all_sentences()[code][self.language].format_map(_Known(figures))

    def joined(self, parts: Iterable[str]) -> str:
        """Several things beside each other."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def listed(self, parts: Iterable[str]) -> str:
        """Several of a kind in a row."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def about(self, what: str, said: str) -> str:
        """What is said of something."""
        return f"{what}：{said}" if self.language == "zh" else f"{what}: {said}"

    def aside(self, what: str, note: str) -> str:
        """Something with a note in brackets."""
        return f"{what}（{note}）" if self.language == "zh" else f"{what} ({note})"

    def refusal(self, code: str, /, **figures: Any) -> str:
        """The sentence of a refusal, as the HTTP interface says it; or an entry of the catalogue."""
        if self.has(code):
            return self(code, **figures)
        return all_sentences()[code][self.language].format_map(_Known(figures))

    def _filled(self, key: str, figures: Mapping[str, Any]) -> str:
        entry = catalogue(self.language)[key]
        if isinstance(entry, dict):
            entry = entry["one" if str(figures.get("count")) == "1" and "one" in entry else "other"]
        return string.Formatter().vformat(entry, (), _Known(figures))

    def day(self, day: date) -> str:
        """11月26日 周四 / Thu 26 Nov."""
        figures = {
            "month": self(f"month.{day.month}"),
            "day": day.day,
            "weekday": self(f"weekday.{day.isoweekday()}"),
        }
        return self("time.day", **figures)

    def days(self, first: date, last: date) -> str:
        """From a day to another; the day alone where it is one."""
        if first == last:
            return self.day(first)
        return self("time.from_to", first=self.day(first), last=self.day(last))

    def clock(self, at: datetime) -> str:
        """14:32."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def moment(self, at: datetime) -> str:
        """11月26日 周四 14:32 / Thu 26 Nov 14:32."""
        return f"{self.day(at.astimezone(self.zone).date())} {self.clock(at)}"

    def stamp(self, at: datetime) -> str:
        """2026-11-26 14:32: for paper and proof, with its year."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def field(self, at: datetime) -> str:
        """2026-11-26T14:32: as a date-time field holds it."""
        return f"{at.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def span(self, starts: datetime, ends: datetime) -> str:
        """11月26日 周四 08:30-11:45."""
        return f"{self.moment(starts)}–{self.clock(ends)}"

    def dated(self, value: str) -> str:
        """A day or moment written as data writes them, as people say it; anything else as it is."""
        if not ISO.match(value):
            return value
        at = datetime.fromisoformat(value)
        return self.day(at.date()) if at.tzinfo is None else self.moment(at)

    def lasts(self, span: timedelta) -> str:
        """2天 3小时 / 2 d 3 h: the two largest units, at least a minute."""
        minutes = max(1, int(abs(span.total_seconds()) // 60))
        days, rest = divmod(minutes, DAY // 60)
        hours, minutes = divmod(rest, 60)
        parts = [("days", days), ("hours", hours), ("minutes", minutes)]
        first = next(at for at, (_, n) in enumerate(parts) if n)
        return " ".join(self(f"time.{name}", n=n) for name, n in parts[first : first + 2] if n)


def language_wanted(*asked: str | None) -> str:
    """The first of these that is a language of ours (a query, a cookie, what the browser prefers)."""
    for one in asked:
        for part in (one or "").split(","):
            tag = part.strip().partition(";")[0][:2].lower()
            if tag in LANGUAGES:
                return tag
    return LANGUAGES[0]
