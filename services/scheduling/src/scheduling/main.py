"""Puts scheduling together."""

from scheduling.catalogue import routes as catalogue
from scheduling.evolution import evolution
from scheduling.federation import routes as federation
from scheduling.known import Known
from scheduling.metadata import metadata
from scheduling.reactions import reactions
from scheduling.schemes import routes as schemes
from scheduling.schemes import routes_catalogue as changed_catalogue
from scheduling.schemes import routes_reasons as reasons
from scheduling.schemes import routes_returns as returns
from scheduling.schemes.by_hand import routes as by_hand
from scheduling.sessions import routes as sessions
from scheduling.settings import Settings
from scheduling.signers import routes as signers
from scheduling.timers import timers
from servicekit.service import Service


def build(settings: Settings) -> Service:
    """The service with these settings; a wrong programme file stops it here."""
    return Service(
        "scheduling",
        settings=settings,
        metadata=metadata,
        migrations="scheduling.migrations",
        routers=[
            catalogue.router,
            changed_catalogue.router,
            schemes.router,
            by_hand.router,
            reasons.router,
            reasons.federation,
            returns.router,
            signers.router,
            sessions.router,
            federation.router,
        ],
        reactions=[reactions],
        evolution=evolution,
        timers=timers,
        known=Known.of(settings.programmes),
    )
