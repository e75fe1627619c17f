"""The calendar as a file: iCalendar (RFC 5545), all times in UTC."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from portal.calendars.entries import Kept

FETCH_AGAIN = timedelta(hours=1)
"""How often programs are asked to look."""


def uid_of(about: UUID, holder: UUID) -> str:
    """The same for a session and a person, whatever changes: two people's entries of one session are two."""
    return f"{uuid5(about, str(holder))}@songjiao"


def written(kept: Iterable[Kept], *, holder: UUID, name: str, language: str) -> bytes:
    """The file; the same bytes as long as nothing has changed."""
    calendar = Calendar()
    calendar.add("prodid", "-//Songjiao//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in sorted(kept, key=lambda each: (each.entry.starts_at, each.entry.about)):
        calendar.add_component(_event(one, holder, language))
    file: bytes = calendar.to_ical()
    return file


def _event(one: Kept, holder: UUID, language: str) -> Event:
    entry, event = one.entry, Event()
    event.add("uid", uid_of(entry.about, holder))
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
    said = {"LANGUAGE": language}
    event.add("summary", entry.title, parameters=said)
    event.add("location", entry.place, parameters=said)
    event.add("description", entry.note, parameters=said)
    event.add("url", entry.url)
    return event
