"""What certificates bring, until when it is claimed, and what limits it (`subsidy` in `rules/rules.yaml`)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from contracts.programme_dated import begun, check_each_once
from contracts.programme_tables import Entry, Source, Sourced, Words, Yuan
from contracts.refusals import Invalid
from contracts.values import Code, LevelCode

Positive = Annotated[int, Field(ge=1)]


class Allowance(Entry):
    """Yuan a certificate of each level brings, as one notice says."""

    source: Source
    confidence: Words | None = None
    amounts: Mapping[LevelCode, Yuan]
    note: Words | None = None


class ClaimRules(Entry):
    """From a day on: how long after its issue what a certificate brings can be claimed."""

    since: date
    months: Positive
    """The last day has the date of the issue, so many months later."""
    source: Source
    confidence: Words | None = None
    note: Words | None = None


class YearlyRules(Entry):
    """From a day on: what one person brings in a calendar year, however many certificates they earn."""

    since: date
    highest_only: bool = False
    """Only the certificate that brings most."""
    most_yuan: Yuan | None = None
    """No more than this for all of them together."""
    source: Source
    confidence: Words | None = None
    note: Words | None = None


class SubsidyRules(Entry):
    """What the labour bureau pays, and until when it is claimed."""

    place: Sourced[Code]
    certificate_allowance_yuan: Mapping[Code, Allowance]
    claim: tuple[ClaimRules, ...] = ()
    """None = no notice that is known names a deadline."""
    yearly: tuple[YearlyRules, ...] = ()
    """None = each certificate brings its amount, whatever else the person earns in the year."""

    @model_validator(mode="after")
    def _each_once(self) -> "SubsidyRules":
        check_each_once(self.claim)
        check_each_once(self.yearly)
        return self

    def claiming(self, day: date) -> ClaimRules | None:
        """What counts for a certificate of this day; nothing where no rule has begun."""
        return begun(self.claim, day)

    def a_year(self, day: date) -> YearlyRules | None:
        """What one person may bring in the year of this day; nothing where no rule limits it."""
        return begun(self.yearly, day)


def subsidy_in(text: str) -> SubsidyRules:
    """Its `subsidy` block, checked as at a start; `claim.rules_wrong` with the first thing that is wrong."""
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:  # a date that is none is a ValueError
        mark = getattr(wrong, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise Invalid("claim.rules_wrong", field="body.rules", what=f"{where}not YAML") from None
    block = told.get("subsidy", told) if isinstance(told, dict) else told
    try:
        return SubsidyRules.model_validate(block)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, ("subsidy", *first["loc"])))
        raise Invalid("claim.rules_wrong", field="body.rules", what=f"{place}: {first['msg']}") from None
