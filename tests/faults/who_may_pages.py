"""Who may look at which of the portal's pages, and send which of its forms: one line a page.

`role` alone: whoever has it, of whichever organisation. `role=own`: what is their own organisation's (or their own)
only; to others the page answers as if the thing did not exist. `everybody`: all who are logged in; `anybody`: no
login is needed. A `manager` is an enterprise's clerk who manages its people: whatever an enterprise may, they may.
A page that cannot do without a query has an example of it in its line.
"""

from functools import cache

from .house import PEOPLE

MANAGER = "manager"
BY_LINK = frozenset(
    {
        "/invited/{token}",
        "/mail/{token}",
        "/calendar/{secret}.ics",
        "/login/elsewhere",
        "/login/elsewhere/back",
        "/certificates/{certificate}.pdf",
        "/orders/{order}/certificates.zip",
        "/orders/{order}/papers.zip",
        "/orders/{order}/subsidy/{claim}.zip",
        "/orders/{order}/subsidy/{claim}/roster",
        "/report/sessions/{session}",
        "/c/{number}/badge",
        "/certificates/{number}/way",
        "/c/status/{issuer}/{series}/{purpose}",
        "/c/issuers/{issuer}",
        "/c/issuers/{issuer}/did.json",
        "/findings/{finding}",
        "/sessions/{session}/photos/{photo}.jpg",
        "/findings/{finding}/answer",
        "/findings/{finding}/close",
        "/my/batches/{batch}",
        "/my/batches/{batch}/marks",
    }
)
"""Pages that are there only for whoever has the link, where a provider is set, or once there are certificates, a
finding, a held session or a batch with its assessors, which the story has none of: tested with what they are for.
"""
PAGES = """
    GET  /                                               anybody
    GET  /login                                          anybody
    POST /login                                          anybody
    GET  /login/elsewhere                                anybody
    GET  /login/elsewhere/back                           anybody
    POST /logout                                         anybody
    GET  /static/{name}                                  anybody
    GET  /sw.js                                          anybody
    GET  /parts                                          anybody
    GET  /c                                              anybody
    GET  /c/{number}                                     anybody
    GET  /c/{number}/badge                               anybody
    GET  /c/status/{issuer}/{series}/{purpose}           anybody
    GET  /c/issuers/{issuer}                             anybody
    GET  /c/issuers/{issuer}/did.json                    anybody
    GET  /schedule                                       anybody
    GET  /schedule/{programme}                           anybody
    GET  /events                                         everybody
    GET  /help                                           everybody
    GET  /account                                        everybody
    POST /account/password                               everybody
    POST /account/browsers/end                           everybody
    POST /account/browsers/end-all                       everybody
    POST /account/language                               everybody
    POST /account/mail                                   everybody
    POST /account/mail/again                             everybody
    POST /account/mail/drop                              everybody
    GET  /mail/{token}                                   anybody
    POST /mail/{token}                                   anybody
    POST /account/calendar                               enterprise instructor assessor
    POST /account/calendar/end                           enterprise instructor assessor
    GET  /calendar/{secret}.ics                          anybody
    GET  /notices                                        everybody
    GET  /notices/leaving                                union administrator
    POST /notices/leaving                                union administrator
    POST /notices/open                                   everybody
    POST /notices/read                                   everybody
    GET  /people                                         administrator manager
    GET  /people.xlsx                                    administrator manager
    POST /people/invite                                  administrator manager
    POST /people/invitations/cancel                      administrator manager
    POST /people/remove                                  administrator manager
    POST /people/manager                                 administrator manager
    POST /people/signers/drop                            administrator manager
    GET  /deputies                                       union enterprise
    GET  /deputies.xlsx                                  union enterprise
    POST /deputies                                       union enterprise
    POST /deputies/drop                                  union enterprise
    POST /deputies/signers                               union enterprise
    POST /deputies/signers/drop                          union enterprise
    GET  /invited/{token}                                anybody
    POST /invited/{token}                                anybody
    GET  /board                                          everybody
    GET  /board/part                                     everybody
    GET  /board/list.xlsx                                everybody
    GET  /orders/{order}/story                           union administrator enterprise=own college=own instructor=own assessor=own
    GET  /orders/{order}/story/part                      union administrator enterprise=own college=own instructor=own assessor=own
    GET  /orders/{order}/story/list.xlsx                 union administrator enterprise=own college=own instructor=own assessor=own
    GET  /orders/{order}/coverage                        union administrator enterprise=own
    GET  /orders/{order}/pool                            union administrator enterprise=own
    POST /orders/{order}/pool/answer                     union administrator enterprise=own
    GET  /pools                                          union
    GET  /pools.xlsx                                     union
    POST /pools/propose                                  union
    GET  /catalogue                                      union
    GET  /catalogue/list.xlsx                            union
    GET  /catalogue/programmes                           union
    POST /catalogue/check                                union
    POST /catalogue/checked.csv                          union
    GET  /surveys                                        union
    POST /surveys/open                                   union
    GET  /surveys/{survey}                               union
    POST /surveys/{survey}/remind                        union
    POST /surveys/{survey}/close                         union
    POST /surveys/{survey}/order                         union
    GET  /surveys/{survey}/answers.xlsx                  union
    POST /surveys/{survey}/paper                         union
    POST /surveys/{survey}/paper/take                    union
    GET  /survey                                         enterprise
    GET  /survey/{survey}                                enterprise
    POST /survey/{survey}                                enterprise
    POST /survey/{survey}/order                          enterprise
    POST /survey/{survey}/withdraw                      enterprise
    GET  /report                                         union administrator
    GET  /fairness                                       union college
    GET  /report/rows                                    union administrator
    GET  /report/rows.xlsx                               union administrator
    GET  /report/sessions/{session}                      union administrator
    GET  /report/list.xlsx                               union administrator
    GET  /issues                                         union administrator
    GET  /issues/part                                    union administrator
    GET  /issues/list.xlsx                               union administrator
    GET  /findings                                       union
    GET  /findings/list.xlsx                             union
    GET  /findings/{finding}                             union
    POST /findings/{finding}/answer                      union
    POST /findings/{finding}/close                       union
    GET  /personal                                       union enterprise
    GET  /personal/kept                                  union administrator
    GET  /personal/{order}/{worker}                      union enterprise=own
    POST /personal/{order}/{worker}/export               union enterprise=own
    POST /personal/{order}/{worker}/erase                union
    GET  /status                                         administrator
    GET  /status/part                                    administrator
    POST /status/replay                                  administrator
    POST /status/resume                                  administrator
    GET  /today                                          union
    GET  /today/part                                     union
    GET  /today/list.xlsx                                union
    POST /today/sessions/{session}/close                 union
    POST /today/sessions/{session}/call                  union
    GET  /evaluation                                     union
    GET  /evaluation/list.xlsx                           union
    GET  /evaluation/orders/{order}                      union
    POST /evaluation/orders/{order}                      union
    GET  /evaluation/numbers                             union
    POST /evaluation/numbers                             union
    POST /evaluation/numbers/{range_}/void               union
    POST /evaluation/numbers/{range_}/close              union
    GET  /evaluation/orders/{order}/certificates         union
    POST /evaluation/orders/{order}/certificates         union
    GET  /evaluation/orders/{order}/certificates/list.xlsx  union
    GET  /evaluation/batches/{batch}                     union
    GET  /evaluation/batches/{batch}/list.xlsx           union
    GET  /evaluation/batches/{batch}/archive.zip         union
    POST /evaluation/batches/{batch}/post                union
    POST /evaluation/batches/{batch}/issue               union
    POST /evaluation/batches/{batch}/move                union
    POST /evaluation/batches/{batch}/call                union
    POST /evaluation/batches/{batch}/second              union
    POST /evaluation/batches/{batch}/evidence/{evaluation}  union
    POST /evaluation/batches/{batch}/rooms               union
    POST /evaluation/batches/{batch}/excuse/{evaluation}  union
    POST /evaluation/batches/{batch}/settle/{evaluation}  union
    GET  /federation/{kind}/{run}                        union
    GET  /federation/{kind}/{run}/list.xlsx              union
    GET  /federation                                     union
    GET  /federation.xlsx                                union
    POST /federation/ask                                 union
    POST /federation/act                                 union
    GET  /orders/new                                     enterprise
    POST /orders/new                                     enterprise
    POST /orders/kept                                    enterprise
    GET  /orders/drafts                                  enterprise
    GET  /orders/{order}/edit                            enterprise=own
    POST /orders/{order}/edit                            enterprise=own
    GET  /orders/{order}/lines/{line}/roster             enterprise=own
    POST /orders/{order}/lines/{line}/roster             enterprise=own
    POST /orders/{order}/lines/{line}/roster/look        enterprise=own
    POST /orders/{order}/lines/{line}/roster/take        enterprise=own
    POST /orders/{order}/lines/{line}/roster/rest.xlsx   enterprise=own
    POST /orders/{order}/lines/{line}/roster/undo        enterprise=own
    GET  /roster-template.xlsx                           enterprise
    GET  /orders/{order}/end                             enterprise=own
    POST /orders/{order}/end                             enterprise=own
    GET  /orders/{order}/confirm                         enterprise=own
    GET  /orders/{order}/confirm.xlsx                    enterprise=own
    POST /orders/{order}/confirm                         enterprise=own
    POST /orders/{order}/confirm/decline                 enterprise=own
    GET  /sessions                                       enterprise
    GET  /sessions.xlsx                                  enterprise
    POST /sessions/confirm                               enterprise
    POST /sessions/{session}/dispute                     enterprise
    GET  /sessions/{session}                             union enterprise=own instructor=own
    GET  /sessions/{session}/list.xlsx                   union enterprise=own instructor=own
    POST /sessions/{session}/excuse                      enterprise=own
    POST /sessions/{session}/correct                     union instructor=own
    POST /sessions/{session}/corrections/{correction}/confirm  union
    POST /sessions/{session}/corrections/{correction}/refuse  union
    GET  /corrections                                    union
    GET  /sessions/{session}/photos/{photo}.jpg          union enterprise=own instructor=own
    POST /my/sessions/{session}/photos                   instructor=own
    GET  /sheets/{session}                               union instructor=own
    GET  /sheets/{session}/list.pdf                      union instructor=own
    GET  /sheets/{session}/list.xlsx                     union instructor=own
    POST /sheets/{session}/look                          union instructor=own
    POST /sheets/{session}/file                          union instructor=own
    POST /sheets/{session}/take                          union instructor=own
    GET  /subsidies                                      enterprise union
    GET  /subsidies.xlsx                                 enterprise union
    GET  /certificates/{number}/way                      enterprise=own union
    GET  /orders/{order}/people                          enterprise=own union
    POST /orders/{order}/people                          enterprise=own union
    GET  /subsidies/what-if                              union
    POST /subsidies/what-if                              union
    GET  /orders/{order}/subsidy                         enterprise=own union
    POST /orders/{order}/subsidy                         enterprise=own
    GET  /orders/{order}/subsidy/{claim}.zip             enterprise=own union
    POST /orders/{order}/subsidy/{claim}/roster          enterprise=own
    POST /orders/{order}/subsidy/{claim}/withdraw        enterprise=own
    POST /orders/{order}/subsidy/{claim}/settle          union
    GET  /aftercare                                      enterprise union
    GET  /aftercare/list.xlsx                            enterprise union
    GET  /aftercare/orders/{order}                       enterprise=own union
    POST /aftercare/orders/{order}/{months}              enterprise=own
    POST /aftercare/orders/{order}/{months}/remind/{enterprise}  union
    GET  /certificates                                   enterprise
    GET  /certificates.xlsx                              enterprise
    GET  /certificates/{certificate}.pdf                 enterprise=own
    GET  /orders/{order}/certificates.zip                enterprise=own
    GET  /orders/{order}/papers                          union enterprise=own
    GET  /orders/{order}/papers/part                     union enterprise=own
    POST /orders/{order}/papers                          union enterprise=own
    GET  /orders/{order}/papers.zip                      union enterprise=own
    GET  /orders/{order}/intake                          union
    POST /orders/{order}/intake                          union
    POST /orders/{order}/intake/return                   union
    POST /orders/{order}/intake/reject                   union
    GET  /orders/{order}/scheme/part                     union
    GET  /orders/{order}/scheme.xlsx                     union
    POST /orders/{order}/scheme/change                   union
    POST /orders/{order}/scheme/undo                     union
    POST /orders/{order}/scheme/approve                  union
    POST /orders/{order}/scheme/decline                  union
    POST /orders/{order}/scheme/redraft                  union
    GET  /orders/{order}/scheme                          union
    POST /orders/{order}/scheme/take                     union
    GET  /orders/{order}/scheme/by-hand                  union
    POST /orders/{order}/scheme/by-hand                  union
    POST /orders/{order}/scheme/by-hand/undo             union
    GET  /orders/{order}/scheme/sessions/{session}       union
    GET  /offers                                         college
    GET  /offers/part                                    college
    GET  /offers/{offer}/panel                           college=own
    POST /offers/accept                                  college
    POST /offers/{offer}/{naming}                        college
    POST /offers/{offer}/as-proposed/{taking}            college
    POST /offers/{offer}/no/{saying}                     college
    GET  /offers.xlsx                                    college
    GET  /instructors                                    college
    GET  /instructors.xlsx                               college
    GET  /instructors/new                                college
    GET  /instructors/{person}                           college=own
    POST /instructors/new                                college
    POST /instructors/{person}                           college=own
    POST /instructors/{person}/wishes                    college=own
    POST /instructors/{person}/retire                    college=own
    GET  /timetable                                      college
    GET  /timetable.xlsx                                 college
    GET  /timetable/{person}                             college=own
    POST /timetable/{person}/off                         college=own
    POST /timetable/{person}/back                        college=own
    POST /timetable/{person}/calendar                    college=own
    POST /timetable/{person}/calendar/take               college=own
    GET  /fairness.xlsx                                  union college
    GET  /fairness/why/{person}                          union college=own
    GET  /dispatch                                       union
    GET  /dispatch/part                                  union
    GET  /dispatch/next/{offer}                          union
    GET  /dispatch.xlsx                                  union
    GET  /dispatch/ill?person={person}                   union
    POST /dispatch/ill                                   union
    GET  /dispatch/ill/{person}                          union
    GET  /dispatch/ill/{person}/part                     union
    GET  /dispatch/ill/{person}/list.xlsx                union
    GET  /my/week                                        instructor
    GET  /my/shell                                       instructor
    GET  /my/sessions/{session}                          instructor=own
    GET  /my/sessions/{session}/sheet                    instructor=own
    POST /my/sessions/{session}/sync                     instructor
    POST /my/sessions/{session}/open                     instructor=own
    POST /my/sessions/{session}/call                     instructor=own
    POST /my/sessions/{session}/close                    instructor=own
    POST /my/sessions/{session}/arrive                   instructor=own
    POST /my/sessions/{session}/leave                    instructor=own
    POST /my/sessions/{session}/guest                    instructor=own
    GET  /my/batches                                     assessor
    GET  /my/batches/{batch}                             assessor=own
    GET  /my/batches/{batch}/marks                       assessor=own
    POST /my/batches/{batch}/marks                       assessor=own
    GET  /s/{code}                                       anybody
    GET  /s                                              anybody
    POST /s                                              anybody
    GET  /a/{link}                                       anybody
    POST /a                                              anybody
"""  # noqa: E501  a line a page
WITHOUT_KEY = frozenset({"/login", "/logout"})
"""Forms of whoever is not logged in, or who goes: their one-time keys are tested with the log-in."""
STREAMS = frozenset({"/events"})
"""Answers that do not end: whoever may read them is not asked for one."""
BY_SCRIPT = frozenset({"/my/sessions/{session}/sheet", "/my/sessions/{session}/sync"})
"""What the phone's scripts read and send as JSON: each act has an id of its own instead of a key, and is answered for
by itself; a neighbour that is away is told by the status. Acts of strangers and of other sites: test_phone_pages.
"""
FORMS: dict[str, dict[str, str]] = {
    "/orders/{order}/scheme/change": {"changes": "[]"},
    "/evaluation/batches/{batch}/issue": {"count": "0"},
    "/evaluation/batches/{batch}/second": {"mark-x": "60"},
}
"""What a form must hold where no value of its fields' types will do: fields by path."""


@cache
def who_may_see() -> dict[tuple[str, str], dict[str, bool]]:
    """By method and path with its query: who may, and whether of every organisation (else their own only)."""
    rows = [row.split() for row in PAGES.splitlines() if row.strip()]
    return {(method, path): _roles(roles) for method, path, *roles in rows}


def _roles(told: list[str]) -> dict[str, bool]:
    if told in (["everybody"], ["anybody"]):
        return dict.fromkeys([*PEOPLE, MANAGER, *(["nobody"] if told == ["anybody"] else [])], True)
    roles = {role: not own for role, _, own in (each.partition("=") for each in told)}
    assert set(roles) <= {*PEOPLE, MANAGER}, told
    return ({MANAGER: roles["enterprise"]} if "enterprise" in roles else {}) | roles
