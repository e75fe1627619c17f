"""Answers that were collected on paper, as a table: one row a need, the rows of an enterprise are one answer.

The columns are those of the sheet of all answers, under their Chinese or English names; a cell may hold a code or
the word for it. A row with nothing but an enterprise is a form that
nobody filled in: it is passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.order_intake import Need
from contracts.programme import Programme, Programmes
from contracts.refusals import Invalid, Refused
from contracts.values import EnterpriseId, ServiceLine
from order_intake.surveys.rules import MOST_NEEDS
from servicekit.sheets.reading import MOST_ROWS, TITLE_ROWS, read_sheets

MOST = 100_000
HEADINGS: Mapping[str, tuple[str, str]] = {
    "enterprise": ("企业编号", "Enterprise code"),
    "person_times": ("接触人次", "Person-times"),
    "service": ("培训项目", "Service"),
    "occupation": ("职业", "Occupation"),
    "level": ("目标等级", "Target level"),
    "heads": ("人数", "Heads"),
    "problem": ("目前的问题", "Problem today"),
    "shift_pattern": ("倒班方式", "Shifts"),
    "known": ("核对码", "Check code"),
}
"""What a column holds, by its heading in Chinese and English; a check code tells which answer a sheet is made from."""
PASSED_OVER = frozenset({"enterprise", "known"})
"""A row with nothing else is a form that nobody filled in."""
NEEDED = frozenset({"enterprise", "service", "occupation", "heads"})
OF_A_NEED = ("service", "occupation", "level", "heads", "problem", "shift_pattern")
SERVICES: Mapping[ServiceLine, tuple[str, str]] = {
    ServiceLine.THEORY_TRAINING: ("理论培训", "theory training"),
    ServiceLine.SKILL_EVALUATION: ("技能评价", "skill evaluation"),
    ServiceLine.SKILLS_COMPETITION: ("技能竞赛", "skills competition"),
    ServiceLine.NEW_APPRENTICESHIP: ("新型学徒制", "new apprenticeship"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Codes by every word they go by, in lower case, for each column that holds one."""

    codes: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, programme: Programme, data: Programmes, levels: Mapping[str, str]) -> "Words":
        """What the programme and the rule data know."""
        named: Mapping[str, list[tuple[str, ...]]] = {
            "service": [(code, *SERVICES[code]) for code in programme.services],
            "occupation": [
                (code, row.name_zh, row.name_en, f"{row.name_zh} {code}", f"{row.name_en} {code}")
                for code, row in data.occupations.items()
            ],
            "problem": [(code, word.zh, word.en) for code, word in programme.survey_problems.items()],
            "shift_pattern": [(code, row.name_zh, row.name_en) for code, row in data.shifts.items()],
        }
        codes = {
            column: {_plain(word): str(words[0]) for words in rows for word in words}
            for column, rows in named.items()
        }
        return cls(codes | {"level": {_plain(word): code for word, code in levels.items()}})


@dataclass(frozen=True, slots=True)
class Row:
    """A row as Excel counts, and what it says, or why it cannot be read."""

    number: int
    enterprise_id: EnterpriseId
    person_times: int | None = None
    need: Need | None = None
    wrong: Refused | None = None
    seen: str | None = None
    """Check code of the answer that stood in the sheet when it was made; none = there was none, or it is not ours."""


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """The rows of one enterprise together."""

    enterprise_id: EnterpriseId
    person_times: int
    needs: tuple[Need, ...]
    known: str | None = None
    """Which answer of the enterprise was known when the sheet was looked at; none = there was none."""
    seen: str | None = None
    """Which one the sheet was made from, by its check code."""


def read_rows(name: str, content: bytes, words: Words) -> list[Row]:
    """The rows below the heading; `Invalid` when there is no table of answers in the file."""
    for sheet in read_sheets(name, content):
        for at, heading in enumerate(sheet.rows[:TITLE_ROWS]):
            columns = _columns(heading)
            if columns.keys() >= NEEDED:
                rows = list(_rows(sheet.rows[at + 1 :], sheet.first + at + 1, columns, words))
                if not rows:
                    raise Invalid("survey.sheet_no_rows", field="file")
                if len(rows) > MOST_ROWS:
                    raise Invalid("roster.too_many_rows", field="file", most=MOST_ROWS)
                return rows
    raise Invalid("survey.sheet_no_heading", field="file", within=TITLE_ROWS)


def answers_of(rows: Sequence[Row]) -> tuple[list[PaperAnswer], dict[int, Refused]]:
    """The rows as answers, each whole or not at all; and why not, by row."""
    by_enterprise: dict[EnterpriseId, list[Row]] = {}
    for row in rows:
        by_enterprise.setdefault(row.enterprise_id, []).append(row)
    answers: list[PaperAnswer] = []
    wrong: dict[int, Refused] = {}
    for enterprise_id, together in by_enterprise.items():
        because = _wrong_of(together)
        wrong |= because
        if not because:
            said = next((row.person_times for row in together if row.person_times is not None), 1)
            needs = tuple(row.need for row in together if row.need is not None)
            seen = next((row.seen for row in together if row.seen), None)
            answers.append(PaperAnswer(enterprise_id, said, needs, seen=seen))
    return answers, wrong


def _wrong_of(together: Sequence[Row]) -> dict[int, Refused]:
    own = {row.number: row.wrong for row in together if row.wrong is not None}
    if own:
        beside = Invalid("survey.row_beside_wrong")
        return {row.number: own.get(row.number, beside) for row in together}
    if len({row.person_times for row in together if row.person_times is not None}) > 1:
        return {row.number: Invalid("survey.person_times_differ") for row in together}
    if len(together) > MOST_NEEDS:
        return {row.number: Invalid("survey.too_many_needs", most=MOST_NEEDS) for row in together}
    return {}


def _columns(heading: Sequence[object]) -> dict[str, int]:
    fields = {_plain(word): field for field, words in HEADINGS.items() for word in words}
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        field = fields.get(_plain(_text(cell)))
        if field is not None:
            found.setdefault(field, at)
    return found


def _rows(
    rows: Sequence[Sequence[object]], first: int, columns: Mapping[str, int], words: Words
) -> Iterator[Row]:
    for number, cells in enumerate(rows, first):
        told = {field: _text(cells[at]) if at < len(cells) else "" for field, at in columns.items()}
        if any(value for field, value in told.items() if field not in PASSED_OVER):
            yield _row(number, told, words)


def _row(number: int, told: Mapping[str, str], words: Words) -> Row:
    enterprise, seen = told["enterprise"], told.get("known") or None
    try:
        if not enterprise:
            raise _missing("enterprise")
        said = _number("person_times", told["person_times"]) if told.get("person_times") else None
        if not any(told.get(field) for field in OF_A_NEED):
            return Row(number, enterprise, said, seen=seen)  # visited, and needs nothing
        return Row(number, enterprise, said, _need(told, words), seen=seen)
    except Refused as wrong:
        return Row(number, enterprise, wrong=wrong, seen=seen)


def _need(told: Mapping[str, str], words: Words) -> Need:
    for field in ("service", "occupation", "heads"):
        if not told[field]:
            raise _missing(field)
    codes = {field: _code(field, told[field], words) for field in words.codes if told.get(field)}
    return Need.model_validate(codes | {"heads": _number("heads", told["heads"])})


def _code(field: str, value: str, words: Words) -> str:
    found = words.codes[field].get(_plain(value))
    if found is None:
        raise Invalid("survey.cell_unknown", field=field, column=_called(field), value=value)
    return found


def _number(field: str, value: str) -> int:
    if not value.isdecimal() or int(value) > MOST:
        raise Invalid("survey.cell_no_number", field=field, column=_called(field), value=value, most=MOST)
    return int(value)


def _missing(field: str) -> Refused:
    return Invalid("survey.cell_missing", field=field, column=_called(field))


def _called(field: str) -> str:
    return " / ".join(HEADINGS[field])


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() if cell is not None else ""


def _plain(word: str) -> str:
    return "".join(word.lower().split())
