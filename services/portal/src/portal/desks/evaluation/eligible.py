"""Who is not eligible in words: every route of the standard, what it lacks, who can show that; papers seen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.values import Diploma, Title
from portal.desks.evaluation.seen import BatchSeen, PaperSeen, RouteSeen
from portal.web.names import Names

PAPERS = ("original", "copy", "online", "statement")
"""What can be looked at, as evaluation calls it."""


@dataclass(frozen=True)
class Route:
    """A route: its sentence, where that comes from, and what is missing for it."""

    says: str
    source: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who was refused."""

    id: str
    name: str
    why: tuple[str, ...]
    routes: tuple[Route, ...]
    papers: tuple[str, ...]


def not_eligible(seen: BatchSeen, names: Names) -> tuple[Person, ...]:
    """Everybody who was refused, by name."""
    return tuple(
        Person(
            id=str(one.evaluation_id),
            name=one.name,
            why=tuple(names.in_full(reason.code, reason.figures) for reason in one.reasons),
            routes=tuple(_route(each, names) for each in one.routes),
            papers=tuple(_paper(each, names) for each in one.evidence),
        )
        for one in sorted(seen.candidates, key=lambda each: each.name)
        if one.state == "refused"
    )


def _route(one: RouteSeen, names: Names) -> Route:
    text = names.text
    return Route(
        says=one.zh if text.language == "zh" else one.en,
        source=text(
            "eligible.source",
            rule_set=one.rule_set,
            source=text(f"catalogue.source.{one.source.replace(' ', '_')}"),
            confidence=text(f"eligible.confidence.{one.confidence}"),
        ),
        lacks=tuple(
            text.aside(
                names.in_full(each.reason.code, each.reason.figures),
                text(f"eligible.from.{each.supplied_by}"),
            )
            for each in one.lacks
        ),
    )


def _paper(one: PaperSeen, names: Names) -> str:
    text = names.text
    return text(
        "eligible.seen",
        what=_says(one, names),
        day=text.day(one.seen_on),
        paper=text(f"eligible.paper.{one.paper}"),
    )


def _says(one: PaperSeen, names: Names) -> str:
    told, text = one.told, names.text
    said = dict(choices(names))
    match told.kind:
        case "certificate" if told.level:
            what = said.get(f"certificate.{told.level}", told.level)
        case "title" if told.title:
            what = said[f"title.{told.title}"]
        case "diploma" if told.diploma:
            what = said[f"diploma.{told.diploma}"]
            if not told.related:
                what = text.aside(what, text("eligible.unrelated"))
        case "years" if told.years is not None:
            what = text("eligible.years_of", count=told.years)
        case _:
            what = said[told.kind]
    return text.aside(what, told.since.isoformat()) if told.since else what


def choices(names: Names) -> tuple[tuple[str, str], ...]:
    """What a paper can be about: `kind.what`, and its words."""
    text, words = names.text, names.worded
    return (
        ("years", text("eligible.kind.years")),
        *(
            (f"certificate.{level.id}", text("eligible.of.certificate", level=names.level_whole(level.id)))
            for level in names.programmes.levels.values()
            if level.cert_level_code is not None
        ),
        *((f"title.{each}", text("eligible.of.title", title=words("title")(each))) for each in Title),
        *(
            (f"diploma.{each}", text("eligible.of.diploma", diploma=words("diploma")(each)))
            for each in Diploma
        ),
        ("apprenticeship", text("eligible.kind.apprenticeship")),
    )


def asked(form: Mapping[str, str]) -> dict[str, Any]:
    """The body for evaluation: what was chosen and typed; empty fields are left out."""
    kind, _, what = form.get("about", "").partition(".")
    field = {"certificate": "level", "title": "title", "diploma": "diploma"}.get(kind)
    told: dict[str, Any] = {"kind": kind, "related": not form.get("unrelated")}
    if field:
        told[field] = what
    if kind == "years" and form.get("years"):
        told["years"] = form["years"]
    if kind in {"certificate", "title"} and form.get("since"):
        told["since"] = form["since"]
    return {"told": told, "paper": form.get("paper", ""), "seen_on": form.get("seen_on", "")}
