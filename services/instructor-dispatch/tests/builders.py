"""Builders that speak the domain: colleges, people, sessions, and what became of the offers."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from httpx import Response

from contracts.evaluation import EvaluationPlanned
from contracts.scheduling import SchemeConfirmed, SessionMoved, SessionScheduled
from contracts.values import Mode, Needs, Part, because
from servicekit.testing import Client, ServiceUnderTest
from staffing.rulebook import Rulebook

ELECTRICIAN = "6-31-01-03"
AHEAD = 30
"""Days from that Monday on that no public holiday may lie in."""
SANYUAN, SHAXIAN, YONGAN = "350404", "350405", "350481"


def a_monday_ahead(today: date, book: Rulebook) -> date:
    """The next Monday from a fortnight on that no public holiday follows soon."""
    monday = today + timedelta(days=14 - today.weekday() + 7)
    while any(book.calendar.is_closed(monday + timedelta(days=day)) for day in range(AHEAD)):
        monday += timedelta(days=7)
    return monday


class Given:
    """What a test begins with, and looks into. Days count from a Monday a fortnight ahead."""

    def __init__(self, service: ServiceUnderTest, book: Rulebook, today: date) -> None:
        self.service = service
        self.book = book
        self.monday = a_monday_ahead(today, book)
        self.union = service.client("union", organisation="smftu")

    def office(self, college: str) -> Client:
        """The dispatch office of a college."""
        return self.service.client("college", organisation=college, user=f"office-{college}")

    async def college(
        self,
        college: str = "smtc",
        *,
        total: int = 500,
        week: int = 200,
        target: int = 20,
        agreed: bool = True,
        division: str = SANYUAN,
    ) -> str:
        """A college, with an agreement unless told otherwise."""
        told = {"college_id": college, "name": f"College {college}", "division": division, "kind": "college"}
        assert (await self.union.post("/colleges", json=told)).status_code == 201
        if agreed:
            await self.agreement(college, total=total, week=week, target=target)
        return college

    async def agreement(
        self,
        college: str = "smtc",
        *,
        total: int = 500,
        week: int = 200,
        target: int = 20,
        since: date | None = None,
    ) -> None:
        """The college agrees to send so many from a day on."""
        signed = {
            "union_id": "smftu",
            "valid_from": str(since or "2026-01-01"),
            "valid_until": "2030-12-31",
            "sessions_total": total,
            "sessions_week": week,
            "target": target,
        }
        answer = await self.union.post(f"/colleges/{college}/agreements", json=signed)
        assert answer.status_code == 201, answer.text

    async def person(
        self,
        college: str = "smtc",
        *,
        level: str = "L2",
        home: str = SANYUAN,
        assessor: bool = False,
        **more: Any,
    ) -> UUID:
        """Somebody who is sent."""
        qualification = {"occupation": ELECTRICIAN, "level": level, "assessor": assessor}
        told = {
            "name": "林师傅",
            "college_id": college,
            "home": home,
            "qualifications": [qualification],
        } | more
        answer = await self.office(college).post("/instructors", json=told)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["person_id"])

    def session(
        self,
        order_id: UUID | None = None,
        *,
        day: int = 0,
        band: str = "pm",
        proposed: UUID | None = None,
        level: str = "L3",
        division: str = SANYUAN,
        **more: Any,
    ) -> SessionScheduled:
        """A session as scheduling says it."""
        told: dict[str, Any] = {
            "order_id": order_id or uuid4(),
            "session_id": uuid4(),
            "cohort_id": uuid4(),
            "line": 1,
            "position": 1,
            "occupation": ELECTRICIAN,
            "level": "L5",
            "unit": "el5-safety",
            "mode": Mode.ONSITE,
            "class_hours": 3,
            "needs": Needs(occupation=ELECTRICIAN, level=level),
            "enterprise_id": "jinniu",
            "division": division,
            "slot": self.book.slot(self.monday + timedelta(days=day), band),
            "proposed": proposed,
        }
        return SessionScheduled(**(told | more))

    def moved(self, session: SessionScheduled, **changes: Any) -> SessionMoved:
        """The same session, otherwise."""
        told = (
            dict(session)
            | {"because": because("session.wished"), "was": session.slot, "revision": 2}
            | changes
        )
        return SessionMoved(**told)

    def batch(self, *, assessors: int = 3, day: int = 3, band: str = "pm", **more: Any) -> EvaluationPlanned:
        """A batch as evaluation plans it."""
        told: dict[str, Any] = {
            "order_id": uuid4(),
            "batch_id": uuid4(),
            "line": 1,
            "occupation": ELECTRICIAN,
            "level": "L4",
            "enterprise_id": "jinniu",
            "division": SANYUAN,
            "slot": self.book.slot(self.monday + timedelta(days=day), band),
            "candidates": 12,
            "parts": (Part.THEORY, Part.PRACTICAL),
            "assessors": assessors,
            "needs": Needs(occupation=ELECTRICIAN, level="L3"),
            "barred": (),
        }
        return EvaluationPlanned(**(told | more))

    async def confirmed(self, *sessions: SessionScheduled, version: int = 1) -> None:
        """The scheme of one order is confirmed, and its sessions are scheduled."""
        confirmed = SchemeConfirmed(
            order_id=sessions[0].order_id,
            version=version,
            hash="0" * 64,
            stages=("delivery",),
            cohorts=(),
            sessions=len(sessions),
        )
        await self.service.deliver(confirmed, *sessions)

    async def open_offers(self, session: UUID | None = None) -> list[dict[str, Any]]:
        """Offers that wait for an answer."""
        found = (await self.union.get("/offers")).json()
        return [
            each
            for each in found
            if each["state"] == "offered"
            and (session is None or str(session) in (each["session_id"], each["batch_id"]))
        ]

    async def offer(self, session: SessionScheduled) -> dict[str, Any]:
        """The one offer that waits for this session."""
        (found,) = await self.open_offers(session.session_id)
        return found

    async def offer_of(self, duty: UUID) -> dict[str, Any]:
        """The one offer that waits for this session or batch."""
        (found,) = await self.open_offers(duty)
        return found

    async def accept(self, offer: dict[str, Any], **more: Any) -> Response:
        """The college accepts."""
        client = self.office(offer["college_id"])
        return await client.post(f"/offers/{offer['assignment_id']}/accept", json=more)

    async def decline(self, offer: dict[str, Any], reason: str = "own_lessons") -> Response:
        """The college declines."""
        client = self.office(offer["college_id"])
        return await client.post(f"/offers/{offer['assignment_id']}/decline", json={"reason": reason})

    async def withdraw(self, offer: dict[str, Any], reason: str = "illness") -> Response:
        """The college gives its promise back."""
        client = self.office(offer["college_id"])
        return await client.post(f"/offers/{offer['assignment_id']}/withdraw", json={"reason": reason})

    async def substitute(self, offer: dict[str, Any], person: UUID) -> Response:
        """The college sends somebody else."""
        client = self.office(offer["college_id"])
        return await client.post(
            f"/offers/{offer['assignment_id']}/substitute", json={"person_id": str(person)}
        )

    async def types(self) -> list[str]:
        """What was said in orders, by type, without version."""
        facts = await self.service.facts()
        return [each.type.removesuffix(".v1") for each in facts if each.topic.endswith("orders")]

    async def reserved(self, person: UUID) -> list[tuple[str, str]]:
        """Kind and state of what is reserved of somebody, by time."""
        async with self.service.transactions.begin() as tx:
            rows = await tx.driver.fetch(
                "select kind, state from reservation where person_id = $1 order by lower(during)", person
            )
        return [(row["kind"], row["state"]) for row in rows]
