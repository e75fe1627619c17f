"""Wishes: told by the person, the college or the union; part of the choice with their reason, and never a bar."""

from uuid import uuid4

import pytest

from servicekit.testing import test_keys as keys
from servicekit.tokens import Issuer

from ..builders import SHAXIAN

WISHES = {
    "avoids": ["eve"],
    "prefers_divisions": [SHAXIAN],
    "prefers_units": ["el5-safety"],
    "most_evenings_week": 1,
}


async def wish(client, person, **wishes):
    return await client.put(f"/instructors/{person}/wishes", json=wishes)


async def chosen(dispatch, session):
    (offered,) = await dispatch.facts(session.order_id, type="assignment.offered.v1")
    return offered.person_id, {each.code for each in offered.reasons if each.code.startswith("wish.")}


class TestTelling:
    async def test_the_person_tells_and_reads_them_and_a_change_by_the_college_keeps_them(
        self, dispatch, given
    ):
        await given.college()
        person = await given.person()
        own = dispatch.client("instructor")
        own.headers["Authorization"] = f"Bearer {_token(person)}"
        answer = await wish(own, person, **WISHES)
        assert (answer.status_code, answer.headers["etag"]) == (204, '"2"'), answer.text
        told = {"name": "林师傅", "home": "350404", "avoids": ["eve"]}
        told["qualifications"] = [{"occupation": "6-31-01-03", "level": "L2"}]
        assert (await given.office("smtc").put(f"/instructors/{person}", json=told)).status_code == 204
        for client in (own, given.office("smtc"), given.union):
            assert (await client.get(f"/instructors/{person}/wishes")).json() == WISHES
        changed = (await dispatch.facts(person))[-1]
        assert (changed.type, changed.prefers_divisions) == ("instructor.changed.v1", (SHAXIAN,))

    async def test_nobody_tells_another_persons(self, dispatch, given):
        await given.college()
        person, other = await given.person(), await given.person()
        own = dispatch.client("instructor")
        own.headers["Authorization"] = f"Bearer {_token(other)}"
        for client in (own, given.office("smu")):
            answer = await wish(client, person, **WISHES)
            assert (answer.status_code, answer.json()["code"]) == (404, "person.unknown")
            assert (await client.get(f"/instructors/{person}/wishes")).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"avoids": ["night"]}, "person.band_unknown"),
            ({"prefers_divisions": ["999999"]}, "division.unknown"),
            ({"prefers_units": ["no-such-unit"]}, "person.unit_unknown"),
            ({"most_evenings_week": 8}, "request.invalid"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused(self, given, wrong, code):
        await given.college()
        answer = await wish(given.office("smtc"), await given.person(), **wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_of_who_is_retired_there_are_none(self, given):
        await given.college()
        person = await given.person()
        await given.union.post(f"/instructors/{person}/retire", json={})
        assert (await wish(given.union, person, **WISHES)).json()["code"] == "person.retired"


class TestTheChoice:
    @pytest.mark.parametrize(
        ("wishes", "unmet"),
        [
            ({"avoids": ["pm"]}, "wish.band"),
            ({"prefers_divisions": [SHAXIAN]}, "wish.division"),
            ({"prefers_units": ["el5-lathe"]}, "wish.unit"),
        ],
    )
    async def test_who_wishes_otherwise_comes_after_who_does_not_and_alone_all_the_same(
        self, dispatch, given, book, wishes, unmet
    ):
        if "prefers_units" in wishes:
            wishes = {"prefers_units": [next(unit for unit in book.programmes.units if unit != "el5-safety")]}
        await given.college()
        near = await given.person()
        far = await given.person(home="350481")
        first, second = given.session(day=0), given.session(day=1)
        await given.confirmed(first)
        assert await chosen(dispatch, first) == (near, set())
        assert (await wish(given.office("smtc"), near, **wishes)).status_code == 204
        await given.confirmed(second)
        assert await chosen(dispatch, second) == (far, set())
        await given.union.post(f"/instructors/{far}/retire", json={})
        third = given.session(day=2)
        await given.confirmed(third)
        assert await chosen(dispatch, third) == (near, {unmet})

    async def test_enough_evenings_of_a_week_are_enough(self, dispatch, given):
        await given.college()
        near = await given.person()
        far = await given.person(home="350481")
        await wish(given.office("smtc"), near, most_evenings_week=1)
        order = uuid4()
        sessions = [given.session(order, day=day, band="eve") for day in (0, 1, 7)]
        await given.confirmed(*sessions)
        offers = {each["session_id"]: each["person_id"] for each in await given.open_offers()}
        assert [offers[str(each.session_id)] for each in sessions] == [str(near), str(far), str(near)]


def _token(person):

    issuer = Issuer.from_file("portal", keys() / "portal.pem")
    return issuer.user_token("teacher", ("instructor",), None, person=str(person))
