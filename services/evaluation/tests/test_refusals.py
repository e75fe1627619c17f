"""Every "no" has a sentence in both languages, and every changing address refuses the wrong roles."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

import evaluation as package
from contracts.sentences import all_sentences
from evaluation.aftercare import routes as aftercare
from evaluation.certificates import routes as certificates
from evaluation.delivery import act_routes, correction_routes
from evaluation.delivery import routes as delivery
from evaluation.examinations import arranging_routes
from evaluation.examinations import routes as examinations
from evaluation.findings import routes as findings

SOURCE = Path(package.__file__).parent
MAY = {
    "open_session": {"instructor"},
    "sign_in": {"instructor"},
    "close": {"instructor", "union"},
    "confirm": {"enterprise"},
    "dispute": {"enterprise"},
    "sign_out": {"instructor"},
    "arrive": {"instructor"},
    "excuse": {"enterprise"},
    "propose_correction": {"union", "instructor"},
    "confirm_correction": {"union"},
    "refuse_correction": {"union"},
    "plan": {"union"},
    "move": {"union"},
    "cancel": {"union"},
    "enter_marks": {"assessor"},
    "confirm_marks": {"assessor", "union"},
    "note_evidence": {"union"},
    "excuse_absence": {"union"},
    "arrange": {"union"},
    "post_results": {"union"},
    "raise_objection": {"union", "enterprise"},
    "settle_objection": {"union"},
    "issue": {"union"},
    "revoke": {"union"},
    "void": {"union"},
    "answer_finding": {"union"},
    "close_finding": {"union"},
    "look": set(),
    "answer_by_link": set(),
    "answer_followups": {"enterprise"},
    "remind_followups": {"union"},
}
ROLES = ("enterprise", "union", "college", "instructor", "assessor", "administrator")
CHANGING = [
    route
    for router in (
        delivery.router,
        act_routes.router,
        correction_routes.router,
        examinations.router,
        arranging_routes.router,
        certificates.router,
        findings.router,
        examinations.router,
        certificates.router,
        findings.router,
        aftercare.router,
    )
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in route.methods
]


@pytest.mark.rules
def test_every_refusal_has_its_sentence():
    pattern = re.compile(
        r'(?:Refused|Invalid|NotFound|NotAllowed|because)\(\s*"([a-z_.]+)"|"(sign_in\.[a-z_]+)"'
    )
    used = {
        one or other
        for file in SOURCE.rglob("*.py")
        for one, other in pattern.findall(file.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert used - set(all_sentences()) == set()


def test_no_changing_address_is_forgotten():
    assert {route.name for route in CHANGING} == set(MAY)


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
async def test_every_changing_address_refuses_every_other_role(evaluation, route):
    path = re.sub(r"\{\w+\}", str(uuid4()), route.path)
    for role in set(ROLES) - MAY[route.name]:
        answer = await evaluation.client(role, organisation="jinniu").post(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.role"), role
    assert (await evaluation.client().post(path)).status_code == 401
