"""The map in words: what each town and arc says, and the same as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.desks.places.drawn import Arc, Drawing, Drive, Houses, Spot, Town, drawing
from portal.web.names import Names


@dataclass(frozen=True)
class TownView:
    """A town with its short name; `told` says everything about it in a sentence."""

    town: Town
    label: str
    told: str


@dataclass(frozen=True)
class ArcView:
    """A drive; `told` says from where to where and how often."""

    arc: Arc
    told: str


@dataclass(frozen=True)
class PlaceRow:
    """A town as a line of the table; `comes` are the colleges that come, each with its sessions."""

    name: str
    spot: Spot | None
    comes: str


@dataclass(frozen=True)
class MapView:
    """A map with its table. `lead` says what the circles and the arcs count."""

    title: str
    lead: str
    column: str
    """What the circles count."""
    drawing: Drawing
    towns: tuple[TownView, ...]
    arcs: tuple[ArcView, ...]
    rows: tuple[PlaceRow, ...]


def map_view(
    title: str, column: str, spots: Mapping[str, Spot], drives: Sequence[Drive], houses: Houses, names: Names
) -> MapView:
    """Ready to be shown; the arcs are drawn before the circles, the small circles after the large."""
    text, drawn = names.text, drawing(spots, drives, houses, names.programmes.divisions)
    return MapView(
        title=title,
        lead=text("map.lead", column=column),
        column=column,
        drawing=drawn,
        towns=tuple(
            TownView(town, _short(town.code, names), _told(town, names))
            for town in sorted(drawn.towns, key=lambda town: (-town.radius, town.code))
        ),
        arcs=tuple(
            ArcView(
                arc,
                text(
                    "map.drive", home=names.division(arc.home), to=names.division(arc.to), count=arc.sessions
                ),
            )
            for arc in drawn.arcs
        ),
        rows=tuple(_rows(spots, drives, names)),
    )


def _short(code: str, names: Names) -> str:
    """The county's name without what kind it is, in the language that has it as a word of its own."""
    name = names.division(code)
    return name.rpartition(" ")[0] or name


def _told(town: Town, names: Names) -> str:
    text = names.text
    parts = [town.spot.text] if town.spot else []
    if town.colleges:
        parts.append(text("map.colleges", count=town.colleges))
    if town.enterprises:
        parts.append(text("map.enterprises", count=town.enterprises))
    return text("map.town", name=names.division(town.code), what=text.joined(parts) or text("map.nothing"))


def _rows(spots: Mapping[str, Spot], drives: Sequence[Drive], names: Names) -> Iterable[PlaceRow]:
    for code in sorted({*spots, *(drive.to for drive in drives)}):
        come = sorted((one for one in drives if one.to == code), key=lambda one: (-one.sessions, one.college))
        comes = names.text.joined(
            names.text("map.comes", college=names.organisation(one.college), count=one.sessions)
            for one in come
        )
        yield PlaceRow(names.division(code), spots.get(code), comes)
