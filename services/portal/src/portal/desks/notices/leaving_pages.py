"""What waits to leave by mail, for the union and the administrator: held back, let go, cancelled, sent at once."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.known import known
from portal.notices import leaving
from portal.notices.seen import orders_of
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/notices/leaving"
ROLES = ("union", "administrator")
MOST, MOST_MAILS = 100, 30
COLOURS = {"leaving": "blue", "sent": "green", "refused": "red", "no_server": "amber", "too_old": "red"}


@router.get("/notices/leaving")
async def show_leaving(at: Desk) -> Response:
    """What leaves next, and what became of the last mails."""
    at.only(*ROLES)
    return await _page(at)


@router.post("/notices/leaving")
@without_key  # the form has a one-time key of its own
async def change_leaving(
    at: Desk, *, key: Key, account: Annotated[UUID, Form()], kind: Annotated[str, Form(max_length=40)],
    act: Annotated[Literal["hold", "let_go", "cancel", "now"], Form()], order: Annotated[str, Form(max_length=40)] = "",
) -> Response:  # fmt: skip
    """One line of the list is changed, as long as it has not left."""
    at.only(*ROLES)
    if wrong := await at.once(key):
        return await _page(at, wrong)
    try:
        of = UUID(order) if order else None
    except ValueError:
        of = UUID(int=0)
    match act:
        case "cancel":
            done = await leaving.cancel(at.tx, account, kind, of)
        case "now":
            done = await leaving.hurry(at.tx, account, kind, of)
        case _:
            done = await leaving.hold(at.tx, account, kind, of, held=act == "hold")
    if not done:
        return await _page(at, Wrong(at.text("leaving.gone"), 409))
    return RedirectResponse(PAGE, 303)


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    text, names = at.text, await at.names()
    waiting, mails = await leaving.waiting(at.tx, MOST), await leaving.latest(at.tx, MOST_MAILS)
    orders = await orders_of(at.tx, {row["order_id"] for row in waiting if row["order_id"]}, names)
    called = await commands.names_of(at.tx, {row["account_id"] for row in (*waiting, *mails)})

    def whom(row: Any) -> str:
        name, organisation = called.get(row["account_id"], ("—", None))
        return text("leaving.whom", name=name, organisation=names.organisation(organisation))

    return await at.page(
        "notices_leaving.html", wrong=wrong, server=known(at.tx).mailing is not None,
        waiting=[
            {
                "account": row["account_id"], "kind": row["kind"], "order": row["order_id"] or "", "held": row["held"],
                "whom": whom(row), "what": text(f"notice.choice.{row['kind']}"), "count": row["count"],
                "number": orders[row["order_id"]].number if row["order_id"] in orders else "",
                "at": text.moment(await leaving.leaves(at.tx, row["account_id"], row["mail_at"])),
            }
            for row in waiting
        ],
        mails=[
            {
                "whom": whom(row), "at": text.moment(row["ended_at"] or row["made_at"]),
                "state": text(f"leaving.state.{row['state']}"), "kind": COLOURS.get(row["state"], "teal"),
            }
            for row in mails
        ],
    )  # fmt: skip
