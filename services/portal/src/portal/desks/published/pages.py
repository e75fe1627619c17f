"""The published schedule (P2): a plain page per programme, for everybody; no login, no script, no cookie."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from portal.desks.published.schedule import ToCome, to_come
from portal.known import known
from portal.web.names import Names, names_for
from portal.web.pages import page
from portal.web.public_limits import asked_once_more, limits_of
from portal.web.viewer import Language, NotForYou, text_of
from servicekit.clock import today
from servicekit.http import Router, Transaction

router = Router(prefix="/schedule", include_in_schema=False)
KINDS = {"special": "amber", "class": "blue", "batch": "green"}


@router.get("")
async def show_first(request: Request, tx: Transaction) -> Response:
    """The first programme's."""
    first = next(iter(known(tx).programmes.programmes))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/schedule/{first}{query}", 303)


@router.get("/{programme}")
async def show_schedule(request: Request, programme: str, tx: Transaction, lang: Language = None) -> Response:
    """What is to come, by day."""
    asked_once_more(request, limits_of(request).schedules)
    programmes = known(tx).programmes.programmes
    one = programmes.get(programme)
    if one is None:
        raise NotForYou("error.no_programme", 404)
    text = text_of(request, lang)
    names, day = await names_for(tx, text), await today(tx)
    english = text.language == "en"
    return page(
        request, "schedule.html", text, name=one.name_en if english else one.name_zh, as_of=text.day(day),
        others=[
            (code, each.name_en if english else each.name_zh) for code, each in programmes.items() if code != programme
        ],
        rows=[_row(each, names) for each in await to_come(tx, programme, day)],
    )  # fmt: skip


def _row(one: ToCome, names: Names) -> tuple[str, str, str, str, str, str]:
    """Kind, its colour, when, what, where, how much."""
    text = names.text
    when = text.days(one.first, one.last)
    much = (
        text("schedule.candidates", count=one.count)
        if one.kind == "batch"
        else text("schedule.sessions", count=one.count, hours=one.class_hours)
    )
    what = f"{names.occupation(one.occupation)} {names.level(one.level)}"
    return text(f"schedule.kind.{one.kind}"), KINDS[one.kind], when, what, names.division(one.division), much
