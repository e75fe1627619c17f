"""Puts order-intake together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contracts.programme import load
from order_intake.enterprises import routes as enterprises
from order_intake.evolution import evolution
from order_intake.known import Known
from order_intake.metadata import metadata
from order_intake.orders import ended
from order_intake.orders import routes as orders
from order_intake.pools import routes as pools
from order_intake.reactions import reactions
from order_intake.rosters import import_routes as imports
from order_intake.rosters import person_routes as persons
from order_intake.rosters import routes as rosters
from order_intake.settings import Settings
from order_intake.surveys import paper_routes
from order_intake.surveys import routes as surveys
from order_intake.timers import timers
from servicekit.service import Service


def build(settings: Settings) -> Service:
    """The service with these settings; a wrong programme file or key stops it here."""
    return Service(
        "order-intake",
        settings=settings,
        metadata=metadata,
        migrations="order_intake.migrations",
        routers=[
            enterprises.router,
            surveys.router,
            paper_routes.router,
            orders.router,
            pools.router,
            rosters.router,
            imports.router,
            persons.router,
            persons.kept_router,
        ],
        reactions=[reactions],
        evolution=evolution,
        timers=timers,
        known=Known(load(settings.programmes), settings.index_key_bytes()),
        during=[_every_roster_ends],
    )


@asynccontextmanager
async def _every_roster_ends(service: Service) -> AsyncIterator[None]:
    """No roster is kept for ever, of whichever version its order is."""
    async with service.transactions.begin() as tx:
        await ended.set_missing(tx)
    yield
