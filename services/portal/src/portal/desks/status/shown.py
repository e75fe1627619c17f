"""How the services are, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.boards.cards import OrderCard
from portal.desks.status.asked import Told
from portal.web.names import Names
from portal.web.text import Text

BEHIND = 100
"""Facts that a consumer may be behind before it is worth a look."""
LATE_SECONDS, UNSENT_SECONDS = 60, 10


@dataclass(frozen=True)
class ServiceView:
    """One service in a line."""

    name: str
    code: str
    state: str
    kind: str
    lag: str
    unsent: str
    late: str
    work: str
    sealed: str
    paused: list[tuple[str, str]]
    """Consumers that wait for a person, and what is said of each."""

    @property
    def same(self) -> bool:
        """Its name says its code already."""
        return _says(self.name, self.code)


@dataclass(frozen=True)
class ParkedView:
    """What waits for a person."""

    service: str
    where: str
    consumer: str
    subject: str
    number: str
    url: str
    what: str
    why: str
    error: str
    behind: str
    since: str

    @property
    def same(self) -> bool:
        """The service's name says its consumer's already."""
        return _says(self.where, self.consumer)


@dataclass(frozen=True)
class RetryView:
    """Work that is tried again by itself."""

    where: str
    what: str
    number: str
    url: str
    attempt: str
    when: str


Cards = Mapping[str, OrderCard]
"""Orders by id."""


def _says(name: str, code: str) -> bool:
    return name.replace(" ", "-") == code


def stopped_words(name: str, consumer: str, why: str, text: Text) -> str:
    """That this consumer of the service stands still, and why."""
    which = name if _says(name, consumer) else text.aside(consumer, name)
    return text("status.stopped", which=which, why=text.or_code("status.why", why))


def service_view(one: Told, text: Text, at: datetime) -> ServiceView:
    """Its figures, `at` by the machine's clock; dashes while it does not answer."""
    name = text.or_code("service", one.service)
    told = one.figures
    if told is None:
        return ServiceView(name, one.service, text("status.is.away"), "red", "—", "—", "—", "—", "—", [])
    behind = [value for value in told.lag.values() if value is not None]
    lag = text("status.facts", count=sum(behind)) if behind or not told.lag else text("status.lag_unknown")
    late = text("status.late_none")
    if told.late:
        since = text.lasts(timedelta(seconds=told.late_seconds))
        late = text("status.late", count=told.late, since=since)
    sealed = text("status.sealed_none")
    if told.sealed is not None:
        sealed = text("status.sealed", number=told.sealed.number, time=text.lasts(at - told.sealed.at))
    state = _state(one)
    return ServiceView(
        name, one.service, text(f"status.is.{state}"), KINDS[state], lag,
        text("status.facts", count=told.unsent), late, text("status.jobs", count=told.jobs), sealed,
        [(consumer, stopped_words(name, consumer, why, text)) for consumer, why in sorted(told.paused.items())],
    )  # fmt: skip


KINDS = {"up": "green", "behind": "amber", "stuck": "red", "paused": "red", "away": "red"}


def _state(one: Told) -> str:
    told = one.figures
    if told is None:
        return "away"
    if told.paused:
        return "paused"
    if sum(told.parked.values()):
        return "stuck"
    slow = told.late_seconds > LATE_SECONDS and told.late
    if slow or told.unsent_seconds > UNSENT_SECONDS or any((n or 0) > BEHIND for n in told.lag.values()):
        return "behind"
    return "up"


def parked_views(told: Sequence[Told], cards: Cards, names: Names, at: datetime) -> list[ParkedView]:
    """What waits for a person, the longest first; `at` is the machine's time, which parking goes by."""
    rows = sorted(((each, one) for one in told for each in one.parked), key=lambda row: row[0].since)
    text = names.text
    found = []
    for parked, one in rows:
        number, url = _order(parked.subject, cards)
        found.append(
            ParkedView(
                service=one.service, where=text.or_code("service", one.service), consumer=parked.consumer,
                subject=parked.subject, number=number, url=url,
                what=parked.type,
                why=text.or_code("status.why", parked.reason), error=parked.error,
                behind=text("status.facts", count=parked.facts - 1), since=text.lasts(at - parked.since),
            )
        )  # fmt: skip
    return found


def retry_views(told: Sequence[Told], cards: Cards, names: Names, at: datetime) -> list[RetryView]:
    """Work that failed at least once and goes on by itself; `at` by the machine's clock."""
    text = names.text
    found = []
    for one in told:
        for job in one.trying:
            number, url = _order(job.subject, cards)
            when = text("status.under_way")
            if job.again_at and job.again_at > at:
                when = text("status.again_in", time=text.lasts(job.again_at - at))
            found.append(
                RetryView(
                    text.or_code("service", one.service), job.kind, number, url,
                    text("status.attempt", n=job.attempt), when,
                )
            )  # fmt: skip
        for failed in one.figures.failing if one.figures else ():
            if any(job.kind == failed.kind and job.subject == failed.subject for job in one.trying):
                continue
            number, url = _order(failed.subject, cards)
            found.append(
                RetryView(
                    text.or_code("service", one.service), failed.kind, number, url,
                    text("status.attempt", n=failed.tries + 1), failed.error or "",
                )
            )  # fmt: skip
    return found


def _order(subject: str, cards: Cards) -> tuple[str, str]:
    card = cards.get(subject)
    if card is None:
        return subject, ""
    return card.number, f"/orders/{card.order_id}/story"


def by_subject(cards: Mapping[UUID, OrderCard]) -> Cards:
    """Orders as facts name them."""
    return {str(id_): card for id_, card in cards.items()}
