"""The composition root of evaluation."""

import base64
from pathlib import Path

from contracts import programme
from evaluation import pictures_kept
from evaluation.aftercare import routes as aftercare
from evaluation.archive import routes as archive
from evaluation.certificates import badge_routes, range_routes, standing_routes
from evaluation.certificates import routes as certificates
from evaluation.certificates.held import levels_held
from evaluation.claims import routes as claims
from evaluation.delivery import act_routes, codes, correction_routes, scan_routes
from evaluation.delivery import routes as delivery
from evaluation.evolution import evolution
from evaluation.examinations import arranging_routes
from evaluation.examinations import routes as examinations
from evaluation.findings import routes as findings
from evaluation.known import Known
from evaluation.metadata import metadata
from evaluation.neighbours import People
from evaluation.paper import Paper, checker
from evaluation.persons import routes as persons
from evaluation.photos import routes as photos
from evaluation.printing import routes as printing
from evaluation.reactions import reactions
from evaluation.settings import Settings
from evaluation.sheets import routes as sheets
from evaluation.signing import Signer
from evaluation.timers import timers
from servicekit.service import Service
from servicekit.tokens import Issuer
from staffing.calendar import Calendar
from staffing.rulebook import Rulebook


def build(settings: Settings, people: People | None = None) -> Service:
    """The service; another order-intake can be passed in."""
    key = settings.check_key.get_secret_value()
    if not key:
        raise ValueError("SONGJIAO_CHECK_KEY is not set: certificates would have no check sum")
    programmes = programme.load(settings.programmes)
    known = Known(
        programmes=programmes,
        calendar=Calendar.of(programmes),
        people=people or People(lambda: settings.url_of("order-intake"), lambda: _token_of(service)),
        paper=Paper(settings.fonts, settings.font_family, settings.public_url, *rare_fonts(settings)),
        check_of=checker(key),
        signer=Signer(lambda: _issuer_of(service), base64.b64decode(key)),
        public_url=settings.public_url,
        code_key=codes.key_from(base64.b64decode(key)),
        levels_held=levels_held,
        sign=lambda digest: service.issuer.signed_file(digest) if service.issuer else None,
        printed_at_once=settings.printed_at_once,
        book=Rulebook.of(programmes),
        photos=pictures_kept.open_store(
            settings.photos,
            endpoint=settings.photos_endpoint,
            key=settings.photos_key.get_secret_value(),
            secret=settings.photos_secret.get_secret_value(),
            region=settings.photos_region,
        ),
    )
    service = Service(
        "evaluation",
        settings=settings,
        metadata=metadata,
        migrations="evaluation.migrations",
        routers=[
            delivery.router,
            act_routes.router,
            scan_routes.router,
            correction_routes.router,
            sheets.router,
            photos.router,
            arranging_routes.router,
            examinations.router,
            certificates.router,
            archive.router,
            printing.router,
            claims.router,
            findings.router,
            aftercare.router,
            standing_routes.router,
            badge_routes.router,
            range_routes.router,
            persons.router,
        ],
        reactions=[reactions],
        evolution=evolution,
        timers=timers,
        known=known,
    )
    return service


def rare_fonts(settings: Settings) -> list[Path]:
    """Folders with further fonts, where there are any."""
    return [settings.rare_fonts] if settings.rare_fonts.is_dir() else []


def _token_of(service: Service) -> str:
    return _issuer_of(service).service_token()


def _issuer_of(service: Service) -> Issuer:
    if service.issuer is None:
        raise ValueError("SONGJIAO_PRIVATE_KEY is not set: nobody would know what is ours")
    return service.issuer
