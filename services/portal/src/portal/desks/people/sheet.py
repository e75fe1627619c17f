"""The people of an organisation, who is invited, and who signs, as Excel files."""

from starlette.responses import Response

from portal.accounts import invitations, organisations, people
from portal.desks.at import Desk
from portal.desks.people.deputies import SIGN, signers_of
from portal.desks.people.pages import Whose, whose_people
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)


@router.get("/people.xlsx")
async def download_people(at: Desk, organisation: Whose = "") -> Response:
    """Whoever may log in for the organisation, and whoever was invited and has not come; no link is told again."""
    of, text = whose_people(at, organisation), at.text

    def said(roles: frozenset[str]) -> str:
        return text.listed(text(f"role.{role}") for role in sorted(roles))

    here = [
        (each.name, each.username, said(each.roles), text("people.manages") if each.manages else "")
        for each in await people.of_organisation(at.tx, of)
    ]
    coming = [
        (each.name, said(each.roles), text.stamp(each.until))
        for each in await invitations.open_ones(at.tx, of)
    ]
    if of and not here and not coming and await organisations.kind_of(at.tx, of) is None:
        raise NotForYou("people.no_organisation", 404)
    name, roles, title = text("people.name"), text("people.roles"), text("people.title")
    return excel(
        [
            Sheet(
                text("people.members"), [name, text("people.username"), roles, text("people.manages")], here
            ),
            Sheet(text("people.invited"), [name, roles, text("people.until")], coming),
        ],
        title,
    )


@router.get("/deputies.xlsx")
async def download_signers(at: Desk) -> Response:
    """Approvers and deputies of one's own organisation."""
    at.only(*SIGN)
    told = await signers_of(at)
    if isinstance(told, str):
        raise NotForYou("error.away")
    text = at.text
    title, gone = text("deputy.title"), text("deputy.gone")
    deputies = [
        (
            one.absent,
            one.name,
            one.days.first,
            one.days.until,
            text.joined(filter(None, (one.absent_gone, one.gone))),
        )
        for one in told.deputies
    ]
    head = [text("deputy.absent"), text("deputy.deputy"), text("deputy.first"), text("deputy.until"), gone]
    return excel(
        [
            Sheet(text("deputy.approvers"), [text("people.name"), gone], [(a.name, a.gone) for a in told.approvers]),
            Sheet(text("deputy.deputies"), head, deputies),
        ],
        title,
    )  # fmt: skip
