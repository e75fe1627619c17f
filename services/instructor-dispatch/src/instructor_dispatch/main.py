"""Composition root: what this service is made of."""

from contracts.programme import load
from instructor_dispatch.colleges import routes as colleges
from instructor_dispatch.evolution import evolution
from instructor_dispatch.instructors import routes as instructors
from instructor_dispatch.metadata import metadata
from instructor_dispatch.offers import routes as offers
from instructor_dispatch.offers import routes_agreements as agreements
from instructor_dispatch.offers import routes_bearing as bearing
from instructor_dispatch.offers import routes_calendars as calendars
from instructor_dispatch.offers import routes_expiring as expiring
from instructor_dispatch.offers import routes_fairness as fairness
from instructor_dispatch.offers import routes_load as load_in_view
from instructor_dispatch.offers import routes_naming as naming
from instructor_dispatch.offers import routes_overrides as overrides
from instructor_dispatch.offers import routes_people as people
from instructor_dispatch.offers import routes_refusals as how_they_answer
from instructor_dispatch.offers import routes_standing as standing
from instructor_dispatch.offers import routes_wishes as wishes
from instructor_dispatch.reactions import reactions
from instructor_dispatch.settings import Settings
from instructor_dispatch.timers import timers
from servicekit.service import Service
from staffing.rulebook import Rulebook


def build(settings: Settings) -> Service:
    """The service with its programmes and rules read; a wrong file stops the start."""
    return Service(
        "instructor-dispatch",
        settings=settings,
        metadata=metadata,
        migrations="instructor_dispatch.migrations",
        routers=[
            colleges.router,
            agreements.router,
            instructors.router,
            people.router,
            offers.router,
            naming.router,
            load_in_view.router,
            how_they_answer.router,
            standing.router,
            bearing.router,
            overrides.router,
            expiring.router,
            fairness.router,
            wishes.router,
            calendars.router,
        ],
        reactions=[reactions],
        evolution=evolution,
        timers=timers,
        known=Rulebook.of(load(settings.programmes)),
    )
