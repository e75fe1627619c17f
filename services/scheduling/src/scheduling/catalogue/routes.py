"""The catalogue over HTTP: what an enterprise can wish for."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.programme import Unit
from contracts.values import BandCode, ClassHours, LevelCode, Mode, Needs, OccupationCode, UnitCode
from scheduling.known import known
from servicekit.http import Router, Transaction
from servicekit.identity import Actor, actor_with

router = Router(tags=["catalogue"])
Anybody = Annotated[Actor, Depends(actor_with())]


class UnitView(BaseModel):
    """A course unit; one that is longer than a session is taught in several."""

    unit: UnitCode
    occupation: OccupationCode
    level: LevelCode
    name_zh: str
    name_en: str
    class_hours: ClassHours
    session_hours: ClassHours
    sessions: int
    mode: Mode
    needs: Needs
    bands: tuple[BandCode, ...]
    """Bands of the day that are long enough for one session."""
    source: str


@router.get("/catalogue")
async def read_catalogue(
    tx: Transaction,
    by: Anybody,  # noqa: ARG001  whoever is logged in may read it
    occupation: OccupationCode | None = None,
    level: LevelCode | None = None,
) -> list[UnitView]:
    """The course units, in teaching order; of one occupation or level, when asked."""
    return [
        _view(tx, unit)
        for unit in known(tx).programmes.units.values()
        if occupation in (None, unit.occupation) and level in (None, unit.level)
    ]


def _view(tx: Transaction, unit: Unit) -> UnitView:
    return UnitView(
        unit=unit.code,
        occupation=unit.occupation,
        level=unit.level,
        name_zh=unit.name_zh,
        name_en=unit.name_en,
        class_hours=unit.class_hours,
        session_hours=unit.session_hours,
        sessions=unit.sessions,
        mode=unit.mode,
        needs=Needs(occupation=unit.needs_occupation, level=unit.needs_level),
        bands=known(tx).programmes.bands_for(unit),
        source=unit.source,
    )
