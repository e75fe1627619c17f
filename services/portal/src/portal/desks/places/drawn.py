"""Where towns, circles and arcs stand on the map. Pure: codes and counts in, figures of an SVG out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians, sqrt

from contracts.programme_tables import Division

WIDTH, MARGIN, BELOW = 720, 84, 40
"""Units of the drawing: its width, free space around the outermost towns, and under the lowest for its name."""
LEAST, MOST = 5, 30
"""Radius of the smallest and the largest circle."""
BEND, WIDEST = 0.16, 6
"""How far an arc leaves the straight line, as a share of its length; its greatest width."""


@dataclass(frozen=True)
class Spot:
    """A town with something in it: how much, in words, and where it is listed. `kind`: red, amber or nothing."""

    value: int
    text: str
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Drive:
    """So many sessions for which a college drives from one town to another, or stays in its own."""

    home: str
    to: str
    college: str
    sessions: int


@dataclass(frozen=True)
class Houses:
    """Who is at home where: colleges by id, and how many enterprises there are, by division."""

    colleges: Mapping[str, str] = field(default_factory=dict)
    enterprises: Mapping[str, int] = field(default_factory=dict)

    def colleges_in(self, code: str) -> int:
        """How many colleges are at home there."""
        return sum(division == code for division in self.colleges.values())


@dataclass(frozen=True)
class Town:
    """A town on the drawing."""

    code: str
    x: int
    y: int
    radius: int
    spot: Spot | None
    colleges: int
    enterprises: int


@dataclass(frozen=True)
class Arc:
    """A drive on the drawing: a curve, its width, its two towns and how many sessions."""

    path: str
    width: float
    home: str
    to: str
    sessions: int


@dataclass(frozen=True)
class Drawing:
    """A map; without towns there is none."""

    width: int
    height: int
    towns: tuple[Town, ...]
    arcs: tuple[Arc, ...]


def drawing(
    spots: Mapping[str, Spot], drives: Sequence[Drive], houses: Houses, divisions: Mapping[str, Division]
) -> Drawing:
    """The towns of the city, or of each city, in which something is; a place without coordinates has its row only."""
    places = _towns({*spots, *(drive.home for drive in drives), *(drive.to for drive in drives)}, divisions)
    if not places:
        return Drawing(WIDTH, 0, (), ())
    at, height = _placed(places)
    most = max((spot.value for spot in spots.values()), default=0)
    towns = tuple(
        Town(
            code, *at[code], _radius(spots.get(code), most), spots.get(code), houses.colleges_in(code),
            houses.enterprises.get(code, 0),
        )
        for code in at
    )  # fmt: skip
    return Drawing(WIDTH, height, towns, tuple(_arcs(drives, at)))


def _towns(codes: Iterable[str], divisions: Mapping[str, Division]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of these towns and of their neighbours in the same city."""
    cities = {row.parent for code in codes if (row := divisions.get(code))}
    return {
        code: (row.lat, row.lon)
        for code, row in divisions.items()
        if row.level == "county" and row.parent in cities and row.lat is not None and row.lon is not None
    }


def _placed(places: Mapping[str, tuple[float, float]]) -> tuple[dict[str, tuple[int, int]], int]:
    """Where each stands, the north on top, and the height of all; degrees of longitude as long as they are here."""
    north, south = (choose(lat for lat, _ in places.values()) for choose in (max, min))
    west, east = (choose(lon for _, lon in places.values()) for choose in (min, max))
    narrow = cos(radians((north + south) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * narrow or north - south or 1)
    at = {
        code: (round(MARGIN + (lon - west) * narrow * scale), round(MARGIN // 2 + (north - lat) * scale))
        for code, (lat, lon) in places.items()
    }
    return at, round((north - south) * scale) + MARGIN + BELOW


def _radius(spot: Spot | None, most: int) -> int:
    """The area of the circle is as the value."""
    if spot is None or not spot.value:
        return LEAST
    return round(LEAST + (MOST - LEAST) * sqrt(spot.value / most))


def _arcs(drives: Sequence[Drive], at: Mapping[str, tuple[int, int]]) -> Iterable[Arc]:
    """Between two towns one arc, whichever college drives; there and back bend to different sides."""
    found: dict[tuple[str, str], int] = {}
    for drive in drives:
        if drive.home != drive.to and drive.home in at and drive.to in at:
            found[drive.home, drive.to] = found.get((drive.home, drive.to), 0) + drive.sessions
    most = max(found.values(), default=0)
    for (home, to), sessions in sorted(found.items()):
        (x1, y1), (x2, y2) = at[home], at[to]
        bend = BEND * hypot(x2 - x1, y2 - y1)
        long = hypot(x2 - x1, y2 - y1) or 1
        x, y = (x1 + x2) / 2 - (y2 - y1) / long * bend, (y1 + y2) / 2 + (x2 - x1) / long * bend
        width = round(1 + (WIDEST - 1) * sessions / most, 1)
        yield Arc(f"M{x1} {y1}Q{round(x)} {round(y)} {x2} {y2}", width, home, to, sessions)
