"""The form of an order: a new one, one that is mended, one in force that is amended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Wrong
from portal.desks.enterprise import typed
from portal.desks.enterprise.asked import DRAFTED, TAKEN, WAITING, NewSeen, OrderSeen, WorksSeen
from portal.desks.enterprise.drafts import drafts_of
from portal.desks.enterprise.impact import follows
from portal.desks.enterprise.ordered import ordered
from portal.desks.enterprise.orders import MOST_BYTES, cost_of, of_the_enterprise, rules_of
from portal.desks.enterprise.plain import Plain, plain_of
from portal.desks.enterprise.roster_pages import look_at_file
from portal.desks.enterprise.same_people import Same, put_same, same_asked
from portal.desks.enterprise.typed import Missing, TypedLine
from portal.desks.enterprise.week import answer_day, first_day, week_of
from portal.desks.enterprise.window import Doubt, doubts, said
from portal.desks.orders import cards_of, sessions_of
from portal.known import known
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, takes_up_to, without_key

router = Router(include_in_schema=False)
NO_ORDER = ""
SENDS = frozenset({"submit", "look", "amend"})
"""Buttons for which the order has to be whole."""
REMOVE = re.compile(r"remove-(\d{1,2})")


@dataclass(frozen=True)
class _Gone(Wrong):
    """The draft of this form was deleted before the page had learnt of it: what stands there can become another."""


@router.get("/orders/new")
async def show_new(at: Desk) -> Response:
    """An empty form, and the drafts that lie there already."""
    at.only("enterprise")
    day = await today(at.tx)
    service = next(iter(_programme(at, "").services))
    drafts = await drafts_of(at)
    return await _form(
        at, None, (TypedLine(1, service=service, level=""),),
        drafts=drafts if isinstance(drafts, list) else [], day=day,
    )  # fmt: skip


@router.get("/orders/{order}/edit")
async def show_order(at: Desk, order: str) -> Response:
    """The order as it lies on the desk."""
    seen = await of_the_enterprise(at, order)
    return await _form(at, seen, _typed(at, seen), day=await today(at.tx))


@router.post("/orders/new")
@without_key  # the form has a one-time key of its own
@takes_up_to(MOST_BYTES)
async def send_new(at: Desk) -> Response:
    """Keep it as a draft, and do what the button says."""
    at.only("enterprise")
    form = await at.request.form(max_fields=2000)
    order = str(form.get("order", NO_ORDER))
    if order and await _deleted(at, order):
        wrong = Wrong(at.text("of.draft_deleted"), 409)
        day = await today(at.tx)
        return await _form(at, None, _lines(form), wrong=wrong, form=form, day=day, draft=at.new_key())
    return await _sent(at, order, form)


@router.post("/orders/{order}/edit")
@without_key
@takes_up_to(MOST_BYTES)
async def send_order(at: Desk, order: str) -> Response:
    """The same of an order that is there."""
    at.only("enterprise")
    return await _sent(at, order, await at.request.form(max_fields=2000))


@router.post("/orders/kept")
@without_key
async def keep(at: Desk) -> Response:
    """What was typed is kept as a draft, while somebody goes on typing."""
    at.only("enterprise")
    form = await at.request.form(max_fields=2000)
    order = str(form.get("order", NO_ORDER))
    key = str(form.get("kept", ""))
    programmes = known(at.tx).programmes
    told = _lines(form)
    lines = [] if typed.would_be_lost(told, programmes) else typed.sendable(told, programmes)
    wrong = await at.once(key)
    if wrong is None and lines:
        kept = await _keep(at, key, order, form, lines)
        order, wrong = (order, kept) if isinstance(kept, Wrong) else (kept, None)
    return at.part(
        "enterprise_order_kept.html",
        order=order,
        wrong=wrong.text if wrong else "",
        kept=bool(lines) and wrong is None,
        without=[one.text for one in [*_unclear(at, told), *typed.no_numbers(told, at.text)]],
    )


async def _deleted(at: AtDesk, order: str) -> bool:
    """The draft that was kept while somebody typed is no more: it was deleted in another window."""
    try:
        await of_the_enterprise(at, order)
    except NotForYou as no:
        if no.key != "error.not_found":
            raise
        return True
    return False


async def _sent(at: AtDesk, order: str, form: FormData) -> Response:
    """One form, one key: what was typed is kept first, then the button's act follows."""
    key, do = str(form.get("key", "")), str(form.get("do", "save"))
    lines, day = _changed(_lines(form), do), await today(at.tx)
    programmes = known(at.tx).programmes
    seen = await of_the_enterprise(at, order) if order else None
    wrong = await at.once(key)
    unclear = _unclear(at, typed.would_be_lost(lines, programmes) if do == "add" else lines)
    unkept = [*unclear, *typed.no_numbers(lines, at.text)]
    missing = typed.missing(lines, programmes, at.text, day) if do in SENDS else unkept
    heading = "of.incomplete" if do in SENDS else "of.kept_but"
    files = [(one.line, file) for one in lines if (file := _file(form, one.line))]
    clear = typed.sendable(lines, programmes)
    lost = bool(typed.would_be_lost(lines, programmes) or (unclear and (files or not clear)))
    if wrong or lost:
        why = heading if do in SENDS else "of.not_kept_because"
        return await _form(at, seen, lines, wrong=wrong, missing=missing, form=form, day=day, why=why)
    kept = await _keep(at, key, order, form, clear)
    if isinstance(kept, Wrong):
        anew = at.new_key() if isinstance(kept, _Gone) else ""
        return await _form(at, seen, lines, wrong=kept, form=form, day=day, draft=anew)
    seen = await of_the_enterprise(at, kept)
    if files:
        return await look_at_file(at, seen, *files[0], others=[line for line, _ in files[1:]])
    if missing or do == "add":  # an empty line is kept by nobody: it stands on the page
        return await _form(at, seen, lines, missing=missing, form=form, day=day, why=heading)
    warned = set(str(form.get("warned", "")).split())
    if do == "submit" and {_mark(one) for one in _doubts(at, seen, day)} - warned:
        return await _form(at, seen, _typed(at, seen), day=day, held=True)
    return await _then(at, seen, do, form, lines)


async def _as_other_line(
    at: AtDesk, seen: OrderSeen, same: Same, form: FormData, lines: tuple[TypedLine, ...]
) -> Response:
    """The people of another line stand on this one, too; what was typed stays when they cannot."""
    copied = await put_same(at, seen, same, str(form.get("key", "")))
    if isinstance(copied, Wrong):
        return await _form(at, seen, lines, wrong=copied, form=form, day=await today(at.tx))
    place = f"/orders/{seen.order_id}/edit?done=same&line={same.line}&taken={copied}&of={same.other}"
    return RedirectResponse(place, 303)


async def _then(
    at: AtDesk, seen: OrderSeen, do: str, form: FormData, lines: tuple[TypedLine, ...]
) -> Response:
    """What the button says, of an order that is kept as it was typed."""
    if same := same_asked(do):
        return await _as_other_line(at, seen, same, form, lines)
    day, key = await today(at.tx), str(form.get("key", ""))
    if do == "look":
        sessions = await sessions_of(at.tx, at.viewer.scope, [seen.order_id])
        told = follows(sessions, await cost_of(at, str(seen.order_id)), await at.names(), ends=False)
        return await _form(at, seen, _typed(at, seen), consequences=told, day=day)
    if do in {"submit", "amend"}:
        body: dict[str, Any] | None = {} if do == "amend" else None
        if wrong := await at.go_on(key, INTAKE, f"/orders/{seen.order_id}/{do}", body, step=2):
            return await _form(at, seen, _typed(at, seen), wrong=wrong, day=day)
    done = do if do in {"submit", "amend"} else "save"
    return RedirectResponse(f"/orders/{seen.order_id}/edit?done={done}", 303)


def _doubts(at: AtDesk, seen: OrderSeen | None, day: date) -> list[Doubt]:
    """What may be wrong with the days of an order that is not sent yet."""
    if seen is None or seen.state not in DRAFTED:
        return []
    rules = rules_of(at)
    answered = answer_day(rules, rules.programmes, seen.programme, day)
    return doubts(seen.on_desk, seen.programme, rules, answered)


def _mark(one: Doubt) -> str:
    """A doubt as the form carries it once it was shown: whoever sends the order then has read it."""
    return f"{one.line}-{one.key}"


def _unclear(at: AtDesk, lines: Sequence[TypedLine]) -> list[Missing]:
    """Lines that cannot even be kept: nobody knows which occupation is meant."""
    clear = typed.sendable(lines, known(at.tx).programmes)
    words = at.text("of.occupation_unclear")
    return [
        Missing(f"l{one.line}-occupation", at.text("of.line", n=one.line) + words)
        for one in lines
        if one not in clear
    ]


async def _keep(at: AtDesk, key: str, order: str, form: FormData, lines: list[TypedLine]) -> str | Wrong:
    """The order's id when it is kept, anew or again."""
    body: dict[str, Any] = {
        "lines": [typed.body_of(one, known(at.tx).programmes) for one in lines],
        "special_session": "special" in form,
    }
    if not order:
        drafted = await _drafted(at, key, form)
        if isinstance(drafted, Wrong):
            return drafted
        if await _deleted(at, drafted):
            return _Gone(at.text("of.draft_deleted"), 409)
        order = drafted
    return await at.go_on(key, INTAKE, f"/orders/{order}", body, method="PUT", step=1) or order


async def _drafted(at: AtDesk, key: str, form: FormData) -> str | Wrong:
    """The form's one draft: what is kept while typing or a button makes it; whichever comes later finds it."""
    programme = _programme(at, str(form.get("programme", ""))).code
    mine = f"{str(form.get('draft') or key).partition('.')[0]}-{programme}"
    answer = await at.ask(INTAKE, "/orders", NewSeen, body={"programme": programme}, key=mine)
    return answer if isinstance(answer, Wrong) else str(answer.order_id)


async def _form(
    at: AtDesk,
    seen: OrderSeen | None,
    lines: tuple[TypedLine, ...],
    *,
    day: Any,
    wrong: Wrong | None = None,
    missing: list[Missing] | None = None,
    form: FormData | None = None,
    drafts: list[OrderSeen] | None = None,
    consequences: list[str] | None = None,
    draft: str = "",
    why: str = "of.incomplete",
    held: bool = False,
) -> Response:
    names, programmes = await at.names(), known(at.tx).programmes
    programme = _programme(at, seen.programme if seen else str(form.get("programme", "")) if form else "")
    works = await at.read(INTAKE, f"/enterprises/{at.organisation}", WorksSeen)
    rules = rules_of(at)
    week = (
        week_of(rules, works, first_day([one.earliest for one in lines], day))
        if isinstance(works, WorksSeen)
        else None
    )
    sent = seen.changed_at.astimezone(at.text.zone).date() if seen and seen.state == WAITING else day
    until = answer_day(rules, programmes, programme.code, sent)
    english = at.text.language == "en"
    if missing and wrong is None:
        wrong = Wrong(at.text(why, count=len(missing)), 422)
    special = "special" in form if form is not None else bool(seen and seen.special_session)
    unsure = _doubts(at, seen, day)
    lost = [one.line for one in lines if _file(form, one.line)] if form is not None else []
    return await at.page(
        "enterprise_order.html", wrong=wrong, order=seen, lines=lines, missing=missing or [], drafts=drafts or [],
        done=at.request.query_params.get("done", ""), told=_told(at), state=seen.state if seen else "draft",
        editable=seen is None or seen.state in DRAFTED | TAKEN, in_force=seen is not None and seen.state in TAKEN,
        ends=seen is not None and seen.state in TAKEN | {"submitted", "returned"} and seen.joint_order is None,
        why=[names.reason(one.code, one.figures) for one in seen.reasons] if seen else [],
        programme=programme, special=special, consequences=consequences or [], lost=lost,
        held=held, doubts=said(unsure, at.text), warned=" ".join(map(_mark, unsure)),
        ordered=ordered(seen.lines, names) if seen else [],
        plain=await _plain(at, seen) if seen else None,
        draft="" if seen else draft or str(form.get("draft", "") if form is not None else "") or at.new_key(),
        programme_name=programme.name_en if english else programme.name_zh,
        programmes=[(p.code, p.name_en if english else p.name_zh) for p in programmes.programmes.values()],
        services=[(code, at.text(f"service_line.{code}")) for code in programme.services],
        levels=[(code, names.level_whole(code)) for code in programme.levels],
        occupations=[
            (typed.occupation_option(code, programmes, english=english), row.name_zh if english else row.name_en)
            for code, row in programmes.occupations.items()
        ],
        bands=[(code, names.band(code), f"{b.starts:%H:%M}–{b.ends:%H:%M}") for code, b in programmes.bands.items()],
        week=week, works=works if isinstance(works, WorksSeen) else None, today=day.isoformat(),
        place=names.division(works.division) if isinstance(works, WorksSeen) else "",
        until=at.text.day(until) if until else "", by_when=at.text.day,
        action=f"/orders/{seen.order_id}/edit" if seen else "/orders/new",
        lies=f"/orders/{seen.order_id}/edit" if seen else "",
    )  # fmt: skip


async def _plain(at: AtDesk, seen: OrderSeen) -> Plain | None:
    cards = await cards_of(at.tx, at.viewer.scope, [seen.order_id])
    card = cards.get(seen.order_id)  # none of a draft: nobody was told of it
    return plain_of(card, at.text) if card else None


def _told(at: AtDesk) -> dict[str, int]:
    """Figures of what was done before: line, people taken, rows."""
    asked = at.request.query_params
    return {name: int(asked[name]) for name in ("line", "taken", "of") if asked.get(name, "")[:6].isdecimal()}


def _typed(at: AtDesk, seen: OrderSeen) -> tuple[TypedLine, ...]:
    return typed.typed(seen.on_desk, known(at.tx).programmes, english=at.text.language == "en")


def _programme(at: AtDesk, code: str) -> Any:
    found = known(at.tx).programmes.programmes
    return found.get(code) or next(iter(found.values()))


def _lines(form: FormData) -> tuple[TypedLine, ...]:
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    bands: dict[int, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and (found := re.fullmatch(r"l(\d{1,2})\.band", name)):
            number = int(found[1])
            bands[number] = (*bands.get(number, ()), value)
    return typed.lines_of(texts, bands)


def _changed(lines: tuple[TypedLine, ...], do: str) -> tuple[TypedLine, ...]:
    """The lines with one more, or one less, when the button says so."""
    if do == "add":
        last = lines[-1] if lines else TypedLine(0)
        fresh = replace(
            TypedLine(last.line + 1), service=last.service, earliest=last.earliest, latest=last.latest
        )
        return (*lines, fresh)
    if found := REMOVE.fullmatch(do):
        return tuple(one for one in lines if one.line != int(found[1]))
    return lines


def _file(form: FormData, line: int) -> UploadFile | None:
    file = form.get(f"l{line}.file")
    return file if isinstance(file, UploadFile) and file.filename else None
