"""Reads the tables of a programme folder and checks that they fit each other."""

import re
from collections.abc import Iterable, Mapping
from itertools import combinations

from contracts.programme_demo import College, Enterprise, Union
from contracts.programme_files import Folder, Placed
from contracts.programme_rules import Programme, Rules
from contracts.programme_tables import (
    Admission,
    Band,
    Distance,
    Division,
    Holiday,
    Level,
    Occupation,
    ShiftPattern,
    Starred,
    Term,
    Unit,
)

Lines = Mapping[tuple[str, ...], int]


class Tables:
    """Every table of the folder, each row with its line."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.levels = folder.rows("rules/levels.csv", Level, key=lambda r: r.id)
        self.occupations = folder.rows("rules/occupations.csv", Occupation, key=lambda r: r.code)
        self.shifts = folder.rows("rules/shifts.csv", ShiftPattern, key=lambda r: r.id)
        self.divisions = folder.rows("rules/divisions.csv", Division, key=lambda r: r.code)
        self.distances = folder.rows(
            "rules/distances.csv", Distance, key=lambda r: "-".join(sorted((r.from_code, r.to_code)))
        )
        self.bands = folder.rows("rules/bands.csv", Band, key=lambda r: r.code)
        self.admission = folder.rows("rules/admission.csv", Admission, key=lambda r: r.code)
        self.starred = folder.rows("rules/starred.csv", Starred, key=lambda r: r.code)
        self.glossary = folder.rows("rules/glossary.csv", Term, key=lambda r: r.key)
        self.units = folder.rows("catalogue.csv", Unit, key=lambda r: r.code)
        self.colleges = folder.rows("demo/colleges.csv", College, key=lambda r: r.id)
        self.enterprises = folder.rows("demo/enterprises.csv", Enterprise, key=lambda r: r.id)
        self.unions = folder.rows("demo/unions.csv", Union, key=lambda r: r.id)
        self.years: set[int] = set()
        self.holidays: dict[str, Placed[Holiday]] = {}
        for file in folder.files("rules/holidays_*.csv"):
            self._read_year(file)

    def check_references(self) -> None:
        """Every code that a row names is a row elsewhere; every pair of counties has a distance."""
        self._check_ladder()
        self._check_divisions()
        for placed in self.units.values():
            unit = placed.row
            self.known("catalogue.csv", placed.line, "occupation", unit.occupation, self.occupations)
            self.known("catalogue.csv", placed.line, "level", unit.level, self.levels)
            self.known(
                "catalogue.csv", placed.line, "needs_occupation", unit.needs_occupation, self.occupations
            )
            self.known("catalogue.csv", placed.line, "needs_level", unit.needs_level, self.levels)
        for item in self.starred.values():
            self.known("rules/starred.csv", item.line, "occupation", item.row.occupation, self.occupations)
        for one in self.enterprises.values():
            file = "demo/enterprises.csv"
            self.known(file, one.line, "division", one.row.division, self.divisions)
            self.known(file, one.line, "shift_pattern", one.row.shift_pattern, self.shifts)
            for occupation in one.row.occupations:
                self.known(file, one.line, "occupations", occupation, self.occupations)
        for college in self.colleges.values():
            self.known("demo/colleges.csv", college.line, "division", college.row.division, self.divisions)
        for union in self.unions.values():
            self.known("demo/unions.csv", union.line, "division", union.row.division, self.divisions)

    def check_rules(self, rules: Rules, lines: Lines) -> None:
        """The rules name levels, occupations and rule sets that exist, and every unit fits a band."""
        file = "rules/rules.yaml"
        sets = {p.row.rule_set for p in self.admission.values()}
        by_occupation = rules.evaluation.admission_rule_set_by_occupation
        where = ("evaluation", "admission_rule_set")
        self.known(file, lines[where], where[1], rules.evaluation.admission_rule_set.value, sets)
        for occupation, rule_set in by_occupation.items():
            at = ("evaluation", "admission_rule_set_by_occupation", occupation)
            self.known(file, lines[at], at[1], occupation, self.occupations)
            self.known(file, lines[at], at[1], rule_set.value, sets)
        for at_row, row in enumerate(rules.evaluation.attendance):
            if row.occupation:
                line = lines["evaluation", "attendance", str(at_row), "occupation"]
                self.known(file, line, "occupation", row.occupation, self.occupations)
        for at_row, plan in enumerate(rules.evaluation.batch):
            if plan.occupation:
                line = lines["evaluation", "batch", str(at_row), "occupation"]
                self.known(file, line, "occupation", plan.occupation, self.occupations)
        allowances = rules.subsidy.certificate_allowance_yuan
        self.known(file, lines["subsidy", "place"], "place", rules.subsidy.place.value, allowances)
        for place, allowance in allowances.items():
            at = ("subsidy", "certificate_allowance_yuan", place)
            for level in allowance.amounts:
                self.known(file, lines[at], place, level, self.levels)
        regex = ("evaluation", "certificate_number_regex")
        try:
            re.compile(rules.evaluation.certificate_number_regex.value)
        except re.error as error:
            self.folder.complain(file, lines[regex], regex[1], f"no regular expression: {error}")
        self._check_sessions_fit(rules.class_hour_minutes.value)

    def check_background(self) -> None:
        """Every block of what was only collected says where it comes from."""
        file = "rules/background.yaml"
        blocks, lines = self.folder.raw_tree(file)
        for name, block in (blocks or {}).items():
            if not isinstance(block, dict) or not any(
                "source" in path for path in lines if path[:1] == (name,)
            ):
                self.folder.complain(file, lines[name,], name, "says nowhere which source it has")

    def programmes(self) -> dict[str, Programme]:
        """The programmes of the folder, one YAML file each, named like its code."""
        found: dict[str, Programme] = {}
        for file in self.folder.files("*.yaml"):
            programme, lines = self.folder.tree(file, Programme)
            if f"{programme.code}.yaml" != file:
                self.folder.complain(file, lines["code",], "code", f"{programme.code} is not the file's name")
            for level in programme.levels:
                self.known(file, lines["levels",], "levels", level, self.levels)
            escalates_to = programme.signing_time.escalates_to
            if escalates_to is not None:
                at = lines["signing_time", "escalates_to"]
                self.known(file, at, "escalates_to", escalates_to, self.unions)
            found[programme.code] = programme
        if not found:
            self.folder.complain("", 1, "(folder)", "holds no programme (*.yaml)")
        return found

    def known(self, file: str, line: int, field: str, code: str, register: Iterable[str]) -> None:
        """Complains when the code is not in the register."""
        if code not in register:
            self.folder.complain(file, line, field, f"{code} is unknown")

    def _read_year(self, file: str) -> None:
        year = int(file.removesuffix(".csv")[-4:]) if file.removesuffix(".csv")[-4:].isdigit() else 0
        self.years.add(year)
        days = self.folder.rows(file, Holiday, key=lambda r: str(r.date))
        for placed in days.values():
            if placed.row.date.year != year:
                self.folder.complain(
                    file, placed.line, "date", f"{placed.row.date} is not in the file's year"
                )
        self.holidays |= days

    def _check_ladder(self) -> None:
        file, ranks = "rules/levels.csv", dict[int, str]()
        for placed in self.levels.values():
            level = placed.row
            if level.previous:
                self.known(file, placed.line, "previous", level.previous, self.levels)
            if level.rank in ranks:
                self.folder.complain(
                    file, placed.line, "rank", f"{level.rank} is the rank of {ranks[level.rank]}"
                )
            ranks[level.rank] = level.id
        for admission in self.admission.values():
            for field, code in (("level", admission.row.level), ("holds", admission.row.holds)):
                if code:
                    self.known("rules/admission.csv", admission.line, field, code, self.levels)

    def _check_divisions(self) -> None:
        for placed in self.divisions.values():
            parent = placed.row.parent
            if parent:
                self.known("rules/divisions.csv", placed.line, "parent", parent, self.divisions)
        for one in self.distances.values():
            self.known("rules/distances.csv", one.line, "from_code", one.row.from_code, self.divisions)
            self.known("rules/distances.csv", one.line, "to_code", one.row.to_code, self.divisions)
        counties = sorted(c for c, p in self.divisions.items() if p.row.level == "county")
        for a, b in combinations(counties, 2):
            if f"{a}-{b}" not in self.distances:
                self.folder.complain("rules/distances.csv", 1, "(table)", f"no distance between {a} and {b}")

    def _check_sessions_fit(self, class_hour: int) -> None:
        spans = [p.row.minutes for p in self.bands.values()]
        most = max(((end - start) // class_hour for start, end in spans), default=0)
        for placed in self.units.values():
            hours = placed.row.session_hours
            if hours > most:
                what = f"{hours} class-hours fit no band, the longest holds {most}"
                self.folder.complain("catalogue.csv", placed.line, "session_hours", what)
