"""How a session is held (`delivery` in `rules/rules.yaml`): opened and closed, scanned, credited, excused."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from contracts.programme_dated import begun, check_each_once
from contracts.programme_tables import Entry, Source, Sourced, Whole, Words
from contracts.values import ReasonCode

Positive = Annotated[int, Field(ge=1)]
Reasons = Annotated[tuple[ReasonCode, ...], Field(min_length=1)]


class ScanRules(Entry):
    """From a day on: how long a code is shown and a scan is good, and how many wrong tries it has."""

    since: date
    code_seconds: Positive
    ticket_minutes: Positive
    tries: Positive
    """Of one scan."""
    most_wrong: Positive
    """Of all scans of a session in the time that one is good: who guesses scans again and again."""
    source: Source
    note: Words | None = None


class CreditRules(Entry):
    """From a day on: what of a session is credited to a worker, and who counts as late."""

    since: date
    short_minutes: Whole
    """A class-hour counts when at most so many of its minutes are missing."""
    late_minutes: Whole
    """Whoever comes later or leaves earlier by more than this is called late, or is said to have left early."""
    instructor_minutes: Whole
    """An instructor who comes or goes within so many minutes of begin and end has taught the whole session."""
    source: Source
    confidence: Words | None = None
    note: Words | None = None


class Excuse(Entry):
    """Why an enterprise may excuse a worker from a session, as people read it."""

    code: ReasonCode
    zh: Words
    en: Words


class PaperRules(Entry):
    """From a day on: whether a signed sheet counts, and for how long after the session it is entered."""

    since: date
    counts: bool = True
    hours: Positive
    source: Source
    note: Words | None = None


class PhotoRules(Entry):
    """From a day on: which photos of a session are kept, and how."""

    since: date
    most: Positive
    """Of one session."""
    megabytes: Positive
    """As it is sent."""
    megapixels: Positive
    """Whatever it unpacks to is not larger."""
    side: Positive
    """The longer side of what is kept, in pixels."""
    hours: Positive
    """So long after the session's end one is added."""
    source: Source
    note: Words | None = None


class DeliveryRules(Entry):
    """When a session may be opened, signed in to and closed."""

    sign_in_early_minutes: Sourced[Whole]
    phone_ahead_minutes: Sourced[Whole]
    open_late_hours: Sourced[Positive]
    close_early_minutes: Sourced[Whole]
    scan: Annotated[tuple[ScanRules, ...], Field(min_length=1)]
    credit: Annotated[tuple[CreditRules, ...], Field(min_length=1)]
    excuses: Sourced[Annotated[tuple[Excuse, ...], Field(min_length=1)]]
    disputes: Sourced[Reasons]
    """What an enterprise may say against a session as it was reported."""
    corrections: Sourced[Reasons]
    """Why an attendance is set right after its session."""
    corrections_refused: Sourced[Reasons]
    """Why it is not."""
    paper: tuple[PaperRules, ...] = ()
    """None = no sheet counts."""
    photos: tuple[PhotoRules, ...] = ()
    """None = no photo is kept."""

    @model_validator(mode="after")
    def _each_once(self) -> "DeliveryRules":
        check_each_once(self.scan)
        check_each_once(self.credit)
        check_each_once(self.paper)
        check_each_once(self.photos)
        codes = [each.code for each in self.excuses.value]
        if len(set(codes)) < len(codes):
            raise ValueError("two excuses have one code")
        return self

    def crediting(self, day: date) -> CreditRules:
        """The figures of this day; before any began those that were first."""
        return begun(self.credit, day) or min(self.credit, key=lambda each: each.since)

    def scanning(self, day: date) -> ScanRules:
        """The figures of this day; before any began those that were first."""
        return begun(self.scan, day) or min(self.scan, key=lambda each: each.since)

    def on_paper(self, day: date) -> PaperRules | None:
        """What counts for a session of this day; nothing where no sheet does."""
        row = begun(self.paper, day)
        return row if row is not None and row.counts else None

    def photographing(self, day: date) -> PhotoRules | None:
        """What counts for a session of this day; nothing where no photo is kept."""
        return begun(self.photos, day)
