"""Who signed, as people write it down: "1-12, 14, 17 late 20". Read whole before anything is sent. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 500
"""People on a sheet."""
BETWEEN = re.compile(r"[,;、\n]+")
ONE = re.compile(r"^(\d{1,4})(?:\s*[-–—~至到]\s*(\d{1,4})(?!\s*[:.]))?\s*(.*)$", re.DOTALL)
LATE = re.compile(r"^(?:late|迟到|迟|晚到|晚)\s*(\d{1,3})\s*(?:min|minutes|分钟|分)?")
CAME = re.compile(r"^(?:in|at|签到)\s*(\d{1,2})[:.](\d{2})")
LEFT = re.compile(r"^(?:out|left|until|签退|早退|退)\s*(\d{1,2})[:.](\d{2})")
HOURS, MINUTES = 24, 60


@dataclass(frozen=True)
class Wrote:
    """What was written, and what of it nobody can read."""

    lines: tuple[dict[str, str | int], ...] = ()
    unread: tuple[str, ...] = ()


def read(text: str, ticked: Iterable[int] = ()) -> Wrote:
    """The lines by number, those ticked as well; a number written twice stays twice, so that it is told."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\r", "")
    lines: list[dict[str, str | int]] = []
    unread: list[str] = []
    for piece in filter(None, map(str.strip, BETWEEN.split(plain))):
        found = _piece(piece)
        if found is None or len(lines) + len(found) > MOST:
            unread.append(piece[:40])
        else:
            lines += found
    written = {each["no"] for each in lines}
    lines += [{"no": no} for no in dict.fromkeys(ticked) if no not in written]
    return Wrote(tuple(lines), tuple(unread))


def _piece(piece: str) -> list[dict[str, str | int]] | None:
    one = ONE.match(piece)
    if one is None:
        return None
    first, last = int(one[1]), int(one[2] or one[1])
    more = _more(one[3].strip())
    if more is None or not 1 <= first <= last or last - first >= MOST:
        return None
    return [{"no": no, **more} for no in range(first, last + 1)]


def _more(rest: str) -> dict[str, str | int] | None:
    """`late 20`, `in 8:50`, `out 11:00`, one after the other."""
    found: dict[str, str | int] = {}
    while rest:
        if (late := LATE.match(rest)) and not {"late", "came"} & found.keys():
            found["late"] = int(late[1])
            rest = rest[late.end() :].strip()
        elif (came := CAME.match(rest)) and not {"late", "came"} & found.keys() and _is_clock(came):
            found["came"] = f"{int(came[1]):02}:{came[2]}"
            rest = rest[came.end() :].strip()
        elif (left := LEFT.match(rest)) and "left" not in found and _is_clock(left):
            found["left"] = f"{int(left[1]):02}:{left[2]}"
            rest = rest[left.end() :].strip()
        else:
            return None
    return found


def _is_clock(found: re.Match[str]) -> bool:
    return int(found[1]) < HOURS and int(found[2]) < MINUTES
