"""What certificates a programme gives: kinds with their numbers, titles, validity and renewal; numbers that run low."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from contracts.programme_tables import Entry, Share, Source, Words
from contracts.values import Code

Positive = Annotated[int, Field(ge=1)]
CertificatePrefix = Annotated[str, StringConstraints(pattern=r"^[YS]\d{12}$")]
Way = Literal["retake", "work_proof"]


class Renewal(Entry):
    """How a certificate that ends is followed by another: by passing again, or by proof of continued work."""

    source: Source
    ways: Annotated[tuple[Way, ...], Field(min_length=1)]
    opens_days: Positive
    """So many days before the end, and any time after it."""


class KindRules(Entry):
    """One kind of certificate. What is not said is as the programme has it."""

    source: Source
    title_zh: Words | None = None
    title_en: Words | None = None
    number_prefix: CertificatePrefix | None = None
    """Of demo numbers, while no authority has handed out a range."""
    number_pattern: Words | None = None
    """Regular expression of its numbers, a part of the national form; none = that form."""
    valid_months: Positive | None = None
    """None = it has no end."""
    renewal: Renewal | None = None

    @model_validator(mode="after")
    def _what_ends_can_be_renewed(self) -> "KindRules":
        if self.renewal is not None and self.valid_months is None:
            raise ValueError("what has no end is not renewed")
        if self.number_pattern is not None:
            re.compile(self.number_pattern)
        return self


class CertificateRules(Entry):
    """What certificates a programme gives; `number_prefix` is positions 1-13 of the number."""

    source: Source
    kinds: tuple[Code, ...]
    demo: bool
    number_prefix: CertificatePrefix
    by_kind: Mapping[Code, KindRules] = {}

    def of(self, kind: Code) -> KindRules:
        """What holds for this kind."""
        return self.by_kind.get(kind) or KindRules(source=self.source)


class NumberRules(Entry):
    """From a day on: when it is said that an authority's numbers run low, and why a number is never given."""

    since: date
    warn_share: Share
    """Left of a range."""
    void_causes: Annotated[tuple[Code, ...], Field(min_length=1)]
    source: Source
    note: Words | None = None
