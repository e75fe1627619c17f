"""Puts the portal together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware.gzip import GZipMiddleware

from contracts.programme import WrongFile, load
from contracts.programme_notices import FILE
from portal.accounts import commands
from portal.accounts import routes as accounts
from portal.accounts.letting_in import Door
from portal.accounts.passwords import Passwords
from portal.desks.account import calendar_pages as own_calendar
from portal.desks.account import mail_pages as own_mail
from portal.desks.account import pages as own_account
from portal.desks.assessor import pages as assessor
from portal.desks.catalogue import pages as catalogue
from portal.desks.college import offers_pages as college_offers
from portal.desks.college import offers_sheet as college_offers_sheet
from portal.desks.college import people_pages as college_people
from portal.desks.college import week_pages as college_week
from portal.desks.college import why_not as college_why_not
from portal.desks.coverage import routes as coverage
from portal.desks.enterprise import routers as enterprise
from portal.desks.evaluation import batch_sheet, certificates
from portal.desks.evaluation import pages as evaluation
from portal.desks.instructor import pages as instructor
from portal.desks.instructor import paper
from portal.desks.intake import pages as intake
from portal.desks.notices import leaving_pages
from portal.desks.notices import pages as notices
from portal.desks.people import deputies
from portal.desks.people import pages as people
from portal.desks.pools import pages as pools
from portal.desks.pools import sheet as pools_sheet
from portal.desks.public import calendar, invited
from portal.desks.public import pages as public
from portal.desks.published import pages as published
from portal.desks.report import pages as report_pages
from portal.desks.status import pages as status
from portal.desks.surveys import own_pages as own_surveys
from portal.desks.surveys import pages as surveys
from portal.desks.surveys import paper_pages as surveys_paper
from portal.desks.union import board_pages, data, issues_pages, runs_sheet, scheme_pages, today_pages
from portal.desks.union import fair_sheet as union_fair_sheet
from portal.desks.union import pages as union
from portal.desks.union import pages_asked as union_asked
from portal.desks.union import pages_by_hand as union_by_hand
from portal.desks.union import runs_pages as runs
from portal.desks.watch import pages as watch_pages
from portal.desks.worker import pages as worker
from portal.known import Known
from portal.live import Live
from portal.metadata import metadata
from portal.notices.telling import told, unheard
from portal.reactions import reactions
from portal.settings import Settings
from portal.stuck import Watch
from portal.timers import timers
from portal.web import elsewhere
from portal.web import routes as web
from portal.web.assets import Assets
from portal.web.limit import Limit
from portal.web.pages import answer_page_problems, environment
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
        routers=[
            accounts.router,
            data.router,
            web.router,
            elsewhere.router,
            board_pages.router,
            union.router,
            union_asked.router,
            runs.router,
            runs_sheet.router,
            coverage.router,
            pools.router,
            catalogue.router,
            surveys.router,
            surveys_paper.router,
            own_surveys.router,
            pools_sheet.router,
            college_offers_sheet.router,
            college_offers.router,
            college_people.router,
            college_week.router,
            college_why_not.router,
            union_fair_sheet.router,
            watch_pages.router,
            union_by_hand.router,
            scheme_pages.router,
            evaluation.router,
            certificates.router,
            batch_sheet.router,
            today_pages.router,
            issues_pages.router,
            status.router,
            report_pages.router,
            instructor.router,
            paper.router,
            assessor.router,
            worker.router,
            public.router,
            published.router,
            *enterprise,
            intake.router,
            own_account.router,
            own_calendar.router,
            calendar.router,
            notices.router,
            leaving_pages.router,
            own_mail.router,
            people.router,
            deputies.router,
            invited.router,
        ],
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
    service.app.state.checks = Limit(settings.check_limit)
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
