"""Who may be admitted to an examination: age, attendance, and any one route of the occupation's standard. Pure.

Standards keep the rules of the year in which they were drafted (2018, 2023): which routes there are, and what each
asks for, is `rules/admission.csv`. Whoever is not admitted learns of every route what is missing, and who has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contracts.programme import Programmes
from contracts.programme_tables import Admission
from contracts.values import Diploma, LevelCode, OccupationCode, Reason, Title, because
from staffing.people import Ladder


class Supplier(StrEnum):
    """Who can show what is missing."""

    WORKER = "worker"
    ENTERPRISE = "enterprise"
    UNION = "union"
    COLLEGE = "college"


@dataclass(frozen=True)
class Held:
    """A certificate of the occupation; without its day the years in the trade count as those since."""

    level: LevelCode
    since: date | None = None


@dataclass(frozen=True)
class Titled:
    """A professional title of the trade, and since when."""

    title: Title
    since: date | None = None


@dataclass(frozen=True)
class Schooled:
    """A diploma, and whether it is of this or a related trade."""

    diploma: Diploma
    related: bool = True


@dataclass(frozen=True)
class Shown:
    """What is known of somebody for the routes of a standard."""

    years: int = 0
    """In this or a related occupation."""
    held: tuple[Held, ...] = ()
    titles: tuple[Titled, ...] = ()
    schooled: tuple[Schooled, ...] = ()
    apprenticeship: bool = False
    """Finished, in this or a related occupation."""


@dataclass(frozen=True)
class Applicant:
    """A worker who is to be evaluated."""

    age: int
    shown: Shown = field(default_factory=Shown)
    attended_share: Decimal | None = None
    """Attended of planned class-hours; none = the order has no training."""


@dataclass(frozen=True)
class Lack:
    """What a route asks for and is not shown, and who can show it."""

    reason: Reason
    supplied_by: Supplier


@dataclass(frozen=True)
class RouteAnswer:
    """What stands against one route; nothing = it admits."""

    route: Admission
    lacks: tuple[Lack, ...]


def answers(
    shown: Shown, occupation: OccupationCode, level: LevelCode, programmes: Programmes, *, on: date
) -> tuple[RouteAnswer, ...]:
    """Every route to this level by the rule set of the occupation's standard, as they stand in the table."""
    rule_set, ladder = programmes.rules.evaluation.rule_set(occupation), Ladder.of(programmes)
    return tuple(
        RouteAnswer(route, tuple(_lacks(shown, route, ladder, on)))
        for route in programmes.admission
        if (route.rule_set, route.level) == (rule_set, level)
    )


def _lacks(shown: Shown, route: Admission, ladder: Ladder, on: date) -> Iterator[Lack]:
    if shown.years < route.years:
        short = because("admission.years_missing", years=shown.years, needed=route.years)
        yield Lack(short, Supplier.ENTERPRISE)
    if route.apprenticeship and not shown.apprenticeship:
        yield Lack(because("admission.apprenticeship_missing"), Supplier.ENTERPRISE)
    if route.holds is not None:
        yield from _lacks_level(shown, route, route.holds, ladder, on)
    if route.title is not None:
        yield from _lacks_title(shown, route, route.title, on)
    if route.diploma:
        of_kind = [each for each in shown.schooled if each.diploma in route.diploma]
        if not of_kind:
            yield Lack(because("admission.diploma_missing", diploma=route.diploma[0]), Supplier.WORKER)
        elif not any(each.related for each in of_kind):
            yield Lack(because("admission.diploma_unrelated", diploma=of_kind[0].diploma), Supplier.COLLEGE)


def _lacks_level(
    shown: Shown, route: Admission, level: LevelCode, ladder: Ladder, on: date
) -> Iterator[Lack]:
    held = [each for each in shown.held if ladder.reaches(each.level, level)]
    if not held:
        yield Lack(because("admission.level_missing", level=level), Supplier.WORKER)
        return
    years = max(_years(each.since, shown.years, on) for each in held)
    if years < route.years_holding:
        needed = route.years_holding
        short = because("admission.years_holding_missing", level=level, years=years, needed=needed)
        yield Lack(short, Supplier.ENTERPRISE)


def _lacks_title(shown: Shown, route: Admission, title: Title, on: date) -> Iterator[Lack]:
    ranks = list(Title)
    reached = [each for each in shown.titles if ranks.index(each.title) >= ranks.index(title)]
    if not reached:
        yield Lack(because("admission.title_missing", title=title), Supplier.WORKER)
        return
    years = max(_years(each.since, shown.years, on) for each in reached)
    if years < route.title_years:
        needed = route.title_years
        short = because("admission.years_titled_missing", title=title, years=years, needed=needed)
        yield Lack(short, Supplier.ENTERPRISE)


def _years(since: date | None, in_trade: int, on: date) -> int:
    """In the trade since then: no more than in all, and none before the day itself."""
    return in_trade if since is None else max(0, min(in_trade, whole_years(since, on)))


def whole_years(since: date, on: date) -> int:
    """Whoever was born on 29 February is a year older on 1 March."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def reasons_against_admission(
    applicant: Applicant, occupation: OccupationCode, level: LevelCode, programmes: Programmes, *, on: date
) -> tuple[Reason, ...]:
    """Age, attendance, and one of the routes of the occupation's rule set (`answers` says what each lacks)."""
    rules = programmes.rules.evaluation
    reasons: list[Reason] = []
    if applicant.age < rules.min_age.value:
        reasons.append(because("admission.too_young", age=applicant.age, min_age=rules.min_age.value))
    threshold = rules.attending(occupation, on).share
    if applicant.attended_share is not None and applicant.attended_share < threshold:
        share = int(applicant.attended_share * 100)
        reasons.append(because("admission.attendance", percent=share, needed=int(threshold * 100)))
    if programmes.levels[level].cert_level_code is None:
        return (*reasons, because("admission.not_examined", level=level))
    routes = answers(applicant.shown, occupation, level, programmes, on=on)
    if all(each.lacks for each in routes):
        rule_set, years = rules.rule_set(occupation), applicant.shown.years
        reasons.append(because("admission.no_route", rule_set=rule_set, years=years, routes=len(routes)))
    return tuple(reasons)
