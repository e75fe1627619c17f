from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import Handed
from evaluation.delivery.reported import Report, check
from evaluation.delivery.session import State
from evaluation.photos import rules

from .. import builders as a

pytestmark = pytest.mark.rules
LEAD = UUID(int=7)
LIMITS = a.the_programmes().rules.delivery
SESSION = a.a_session(state=State.OPEN, opened_by=LEAD)
END = SESSION.slot.ends_at
PHOTOS = LIMITS.photographing(a.MONDAY)


def may(session=SESSION, *, person=LEAD, at=END, limits=LIMITS):
    return rules.check_may_add(session, person=person, at=at, limits=limits)


def why_not(**given):
    with pytest.raises((Refused, NotAllowed)) as why:
        may(**given)
    return why.value.code


def keep(there=(), sha256="a" * 64):
    return rules.keep(SESSION, there, sha256=sha256, size=1000, at=END, limits=PHOTOS)


def test_its_lead_adds_photos_while_it_is_open_and_until_it_is_confirmed():
    assert may() == may(replace(SESSION, state=State.CLOSED)) == may(replace(SESSION, state=State.DISPUTED))
    assert why_not(session=replace(SESSION, state=State.PLANNED)) == "photo.not_open"
    assert why_not(session=replace(SESSION, state=State.CONFIRMED)) == "photo.confirmed"
    assert why_not(at=END + timedelta(hours=72)) == "photo.too_late"
    assert why_not(limits=LIMITS.model_copy(update={"photos": ()})) == "photo.not_allowed"


def test_nobody_adds_one_to_somebody_elses():
    assert why_not(person=uuid4()) == why_not(person=None) == "session.another_lead"


def test_the_same_picture_is_one_photo_and_there_are_so_many_at_most():
    fact = keep()
    assert keep({fact.photo_id}) is None
    nine = {uuid4() for _ in range(9)}
    with pytest.raises(Refused, match=r"photo\.too_many"):
        keep(nine)
    assert keep({*list(nine)[:8], fact.photo_id}) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"incidents": ("incident.flood",)}, "report.incident_unknown"),
        ({"incidents": ("incident.power", "incident.power")}, "report.twice"),
        ({"materials": ({"material": "material.gold", "count": 1},)}, "report.material_unknown"),
    ],
)
def test_a_report_says_what_the_programme_lists(told, code):

    programme = a.the_programmes().programmes["send-teachers-home"]
    materials = tuple(Handed(**each) for each in told.pop("materials", ()))
    with pytest.raises(Invalid, match=code.replace(".", r"\.")):
        check(Report(materials=materials, **told), programme)
    check(Report(incidents=("incident.power",)), programme)
