"""Puts the portal together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware.gzip import GZipMiddleware

from contracts.programme import WrongFile, load
from contracts.programme_notices import FILE
from portal.accounts import commands
from portal.accounts.letting_in import Door
from portal.accounts.passwords import Passwords
from portal.doors import ROUTERS
from portal.known import Known
from portal.live import Live
from portal.metadata import metadata
from portal.notices.telling import told, unheard
from portal.reactions import reactions
from portal.settings import Settings
from portal.stuck import Watch
from portal.timers import timers
from portal.web.assets import Assets
from portal.web.limit import Limit
from portal.web.pages import answer_page_problems, environment
from portal.web.public_limits import PublicLimits
from servicekit.neighbours import Neighbours
from servicekit.service import Service
from servicekit.web import Secure

NEIGHBOURS = ("order-intake", "scheduling", "instructor-dispatch", "evaluation")
ONLY_SECURE = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
"""Where browsers come by https: for a year they come no other way."""


def build(settings: Settings) -> Service:
    """The service with these settings; a wrong programme file stops it here."""
    live = Live()

    def own_token() -> str:
        if service.issuer is None:
            raise LookupError("SONGJIAO_PRIVATE_KEY is not set")
        return service.issuer.service_token()

    programmes = load(settings.programmes)
    if deaf := unheard(programmes.notices):
        raise WrongFile(f"{FILE}:1: because, until: nothing is told of {fact}" for fact in deaf)
    watch = Watch(NEIGHBOURS, settings.url_of, own_token, live)
    service = Service(
        "portal",
        settings=settings,
        metadata=metadata,
        migrations="portal.migrations",
        routers=ROUTERS,
        reactions=[reactions, told],
        timers=timers,
        known=Known(
            programmes,
            Neighbours(settings.url_of, own_token),
            Passwords(settings.password_memory, settings.password_passes),
            settings.mailing,
        ),
        during=[_first_account, live.listening, watch.watching],
    )
    assets = Assets(settings.assets_folder())
    service.app.state.live = live
    service.app.state.stuck = watch
    service.app.state.assets = assets
    service.app.state.templates = environment(assets)
    service.app.state.door = Door(Limit(settings.login_failures))
    service.app.state.public = PublicLimits.of(programmes.rules.public, settings.local)
    service.app.state.calendars = Limit(settings.calendar_limit)
    service.app.add_middleware(GZipMiddleware, minimum_size=1000)
    if settings.secure:
        service.app.add_middleware(Secure, more=ONLY_SECURE)
    answer_page_problems(service.app)
    return service


@asynccontextmanager
async def _first_account(service: Service) -> AsyncIterator[None]:
    """Somebody must be able to make accounts."""
    settings = service.settings
    assert isinstance(settings, Settings)
    async with service.transactions.begin() as tx:
        if not await commands.ensure_administrator(tx, settings.admin_password.get_secret_value()):
            service.log.warning("there is no administrator; set SONGJIAO_ADMIN_PASSWORD once")
    yield
