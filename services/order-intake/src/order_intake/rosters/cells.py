"""Single cells of a roster: what anybody would mend at sight is mended and told; a digit is never guessed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date

from contracts.values import Reason, because
from order_intake.rosters import id_number

MOST_YEARS = 60
MOST_NAME = 50
CREWS = {
    word: "ABCDEF"[at]
    for words in ("甲乙丙丁戊己", "123456", "一二三四五六")
    for at, word in enumerate(words)
}
"""What works call their crews instead of A, B, C…"""
NOTHING = frozenset({"", "-", "/", "无", "没有", "none", "n/a"})
LOST_DIGITS = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･．●", "·"))
NAME = re.compile(r"[^\W\d_]+(?:[ ·'’.\-]+[^\W\d_]+)*[·.]?")
HAN_SPACE_HAN = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff]) +(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)


class Cells:
    """The cells of one row, and what was found: `wrong` refuses the row, `mends` were made, `told` is only said."""

    def __init__(self) -> None:
        self.wrong: list[Reason] = []
        self.told: list[Reason] = []
        self.mends: list[Reason] = []

    def name(self, cell: object) -> str:
        """A person's name, in any script, rare characters too; its width and dots are mended."""
        if not isinstance(cell, str) or not cell.strip():
            return self._refuse("roster.name_missing" if cell in {None, ""} else "roster.name_wrong")
        # not NFKC as a whole: it would exchange rare characters for common ones, and a name is a name
        text = "".join(_narrow(character) for character in _without_invisible(cell))
        text = HAN_SPACE_HAN.sub("", " ".join(text.translate(DOTS).split()))
        if len(text) > MOST_NAME or not NAME.fullmatch(text):
            return self._refuse("roster.name_wrong")
        if text != cell:
            self._mend("roster.name_mended")
        return text

    def id_number(self, cell: object, today: date) -> str:
        """An ID number; one that was kept as a number has lost its last digits and is refused."""
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return self._refuse("roster.id_missing")
        if not isinstance(cell, str):
            return self._refuse("roster.id_as_number")
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", _without_invisible(cell)))
        text = text.removeprefix("=").strip("'\"`").upper()
        if LOST_DIGITS.fullmatch(text):
            return self._refuse("roster.id_as_number")
        wrong = id_number.wrong(text, today=today)
        if wrong:
            self.wrong.append(wrong)
            return text if wrong.code == "roster.age" else ""
        if text != cell:
            self._mend("roster.id_mended")
        if id_number.strange_region(text):
            self.told.append(because("roster.region_unknown"))
        return text

    def crew(self, cell: object, crews: Collection[str]) -> str:
        """The crew of the shift pattern; where there is only one, nobody need write it."""
        text = _plain(cell).upper()
        if text in {"", "-"}:
            return next(iter(crews)) if len(crews) == 1 else self._refuse("roster.crew_missing")
        short = re.sub(r"(班组|班|组|CREW|SHIFT|TEAM)", "", text)
        crew = CREWS.get(short, short)
        if crew not in crews:
            return self._refuse("roster.crew_unknown", crews="-".join(sorted({min(crews), max(crews)})))
        if crew != cell:
            self._mend("roster.crew_mended")
        return crew

    def years(self, cell: object) -> int | None:
        """Whole years in the trade; empty is unknown."""
        text = _plain(cell).lower()
        if text in NOTHING:
            return None
        found = re.fullmatch(r"(\d{1,3})(\.\d+)?(年|years?|y)?", text)
        if not found or int(found[1]) > MOST_YEARS:
            self._refuse("roster.years_wrong", most=MOST_YEARS)
            return None
        if found[3] or (found[2] and float(found[2])):
            self._mend("roster.years_mended")
        return int(found[1])

    def level(self, cell: object, levels: Mapping[str, str]) -> str | None:
        """The level held, by any of its names, which is no slip; empty is none."""
        text = _plain(cell).lower()
        if text in NOTHING:
            return None
        level = levels.get(text)
        if level is None:
            self._refuse("roster.level_unknown")
        elif isinstance(cell, str) and text != cell.lower():
            self._mend("roster.level_mended")
        return level

    def _refuse(self, code: str, **figures: int | str) -> str:
        self.wrong.append(because(code, **figures))
        return ""

    def _mend(self, code: str) -> None:
        self.mends.append(because(code))


def _without_invisible(text: str) -> str:
    """Without characters of no width: format marks, control characters, variation selectors."""
    return "".join(
        character
        for character in text
        if character in "\t\n\r"
        or not (unicodedata.category(character) in {"Cf", "Cc"} or "\ufe00" <= character <= "\ufe0f")
    )


def _narrow(character: str) -> str:
    """A full-width Latin letter, sign or space as the plain one; every other character as it is."""
    return (
        unicodedata.normalize("NFKC", character)
        if "\uff01" <= character <= "\uff5e" or character == "\u3000"
        else character
    )


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", _without_invisible(str(cell))))
