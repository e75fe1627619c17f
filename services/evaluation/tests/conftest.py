"""Evaluation on a real database, with an order-intake that tells invented people."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.scheduling import SessionScheduled
from contracts.values import Cohort, ServiceLine
from evaluation.main import build
from evaluation.neighbours import People, Worker
from evaluation.settings import Settings
from servicekit.clock import move_clock, now
from servicekit.testing import Client, ServiceUnderTest, service_on, test_keys
from servicekit.tokens import Issuer

from . import builders as a

START = datetime(2027, 3, 1, 1, tzinfo=UTC)
KEY = base64.b64encode(b"c" * 32).decode()


class OrderIntake:
    """Answers `POST /people` with what the test has told; counts nothing, refuses when told to."""

    def __init__(self) -> None:
        self.known: dict[UUID, Worker] = {}
        self.asked: list[httpx.Request] = []
        self.down = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.down:
            return httpx.Response(503)
        wanted = [UUID(each) for each in json.loads(request.content)["workers"]]
        return httpx.Response(
            200, json=[self.known[each].model_dump(mode="json") for each in wanted if each in self.known]
        )


@pytest.fixture(scope="module")
def intake() -> OrderIntake:
    return OrderIntake()


@pytest.fixture(scope="module")
async def evaluation(database, intake, tmp_path_factory):
    people = People(lambda: "http://order-intake", lambda: "a-token", httpx.MockTransport(intake.answer))
    async with service_on(
        database,
        lambda settings: build(settings, people),
        Settings,
        check_key=KEY,
        photos=str(tmp_path_factory.mktemp("photos")),
        private_key=test_keys() / "evaluation.pem",
        programmes=a.PROGRAMMES,
    ) as service:
        async with service.transactions.begin() as tx:
            await move_clock(tx, START)
        yield service


@pytest.fixture(autouse=True)
async def _anew(request):
    if "evaluation" in request.fixturenames:
        await request.getfixturevalue("evaluation").forget()


@pytest.fixture
def union(evaluation) -> Client:
    return evaluation.client("union", organisation="smftu")


@pytest.fixture
def jinniu(evaluation) -> Client:
    return evaluation.client("enterprise", organisation="jinniu")


@pytest.fixture
def bgzb(evaluation) -> Client:
    return evaluation.client("enterprise", organisation="bgzb")


@pytest.fixture
def portal(evaluation) -> Client:
    """As the portal itself asks."""
    client = evaluation.client("service")
    token = Issuer.from_file("portal", test_keys() / "portal.pem").service_token()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
def given(evaluation, intake) -> "Given":
    return Given(evaluation, intake)


@dataclass
class Played:
    """An order as far as a test needs it."""

    order_id: UUID
    workers: list[UUID]
    cohort: Cohort
    sessions: list[SessionScheduled]
    lead: UUID


@dataclass
class PlayedBatch:
    """A batch with its assessors, and the evaluations of those who were admitted."""

    batch_id: UUID
    assessors: list[UUID]
    evaluations: list[str]


class Given:
    """Brings orders into the state a test begins with, by facts and the routes that people use."""

    serial = 0

    def __init__(self, evaluation: ServiceUnderTest, intake: OrderIntake) -> None:
        self.evaluation = evaluation
        self.intake = intake
        self.union = evaluation.client("union", organisation="smftu")
        self.clerk = evaluation.client("enterprise", organisation="jinniu")

    def as_person(self, role: str, person: UUID) -> Client:
        client = self.evaluation.client(role)
        issuer = Issuer.from_file("portal", test_keys() / "portal.pem")
        token = issuer.user_token(f"{role}-{person}", [role], person=str(person))
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    async def today(self) -> date:
        async with self.evaluation.transactions.begin() as tx:
            return (await now(tx)).astimezone(a.SHANGHAI).date()

    async def move_to(self, moment: datetime) -> None:
        async with self.evaluation.transactions.begin() as tx:
            if await now(tx) < moment:
                await move_clock(tx, moment)

    def people(self, heads: int, **told: object) -> list[UUID]:
        """Workers nobody has seen in this module, known to order-intake."""
        first = Given.serial
        Given.serial += heads
        for number in range(first, first + heads):
            self.intake.known[a.a_worker(number)] = a.a_known(number, **told)
        return [a.a_worker(number) for number in range(first, first + heads)]

    async def an_order(
        self, *, heads: int = 4, sessions: int = 2, level: str = "L4", workers: list[UUID] | None = None
    ) -> Played:
        """Accepted, its scheme confirmed, each session with a firm lead; the first one is tomorrow."""
        workers = workers or self.people(heads)
        order_id, lead = uuid4(), uuid4()
        lines = [
            a.a_line(1, ServiceLine.THEORY_TRAINING, workers, level),
            a.a_line(2, ServiceLine.SKILL_EVALUATION, workers, level),
        ]
        if not sessions:
            lines = [a.a_line(1, ServiceLine.SKILL_EVALUATION, workers, level)]
        cohort = a.a_cohort(workers)
        tomorrow = await self.today() + timedelta(days=1)
        scheduled = [
            a.a_scheduled(order_id, cohort, position=n + 1, slot=a.a_slot(tomorrow + timedelta(days=n)))
            for n in range(sessions)
        ]
        await self.evaluation.deliver(
            a.an_order(order_id, lines),
            a.a_scheme(order_id, [cohort] if sessions else [], sessions),
            *scheduled,
            *(a.an_assignment(each, lead) for each in scheduled),
        )
        await self.evaluation.work_off_jobs()
        return Played(order_id, workers, cohort, scheduled, lead)

    async def opened(self, played: Played, session: SessionScheduled) -> Client:
        await self.move_to(session.slot.starts_at)
        lead = self.as_person("instructor", played.lead)
        answer = await lead.post(f"/sessions/{session.session_id}/open")
        assert answer.status_code == 204, answer.text
        return lead

    async def signed(
        self, lead: Client, session: SessionScheduled, workers: Sequence[UUID], *, late: int = 0
    ) -> list[dict[str, str]]:
        moment = session.slot.starts_at + timedelta(minutes=late)
        acts = [
            {
                "act_id": str(uuid4()),
                "worker_id": str(each),
                "at": moment.isoformat(),
                "way": "scan",
            }
            for each in workers
        ]
        answer = await lead.post(f"/sessions/{session.session_id}/sign-in", json={"acts": acts})
        assert answer.status_code == 200, answer.text
        answers: list[dict[str, str]] = answer.json()
        return answers

    async def closed(self, played: Played, session: SessionScheduled, absent: int = 0) -> Client:
        lead = await self.opened(played, session)
        await self.signed(lead, session, played.workers[absent:])
        await self.move_to(session.slot.ends_at)
        answer = await lead.post(f"/sessions/{session.session_id}/close", json={"report_text": "按计划完成"})
        assert answer.status_code == 200, answer.text
        return lead

    async def delivered(self, **told: int) -> Played:
        """All sessions held by everybody and confirmed."""
        played = await self.an_order(**told)  # type: ignore[arg-type]
        for session in played.sessions:
            await self.closed(played, session)
            answer = await self.clerk.post(f"/sessions/{session.session_id}/confirm")
            assert answer.status_code == 204, answer.text
        return played

    async def a_batch(self, played: Played, *, line: int = 2, assessors: int = 3) -> PlayedBatch:
        """Planned for tomorrow morning, with assessors; the clock stands at its begin."""
        day = await self.today() + timedelta(days=1)
        answer = await self.union.post(
            f"/orders/{played.order_id}/batches",
            json={"line": line, "day": day.isoformat(), "band": "am"},
        )
        assert answer.status_code == 201, answer.text
        batch_id = UUID(answer.json()["batch_id"])
        people = [uuid4() for _ in range(assessors)]
        await self.evaluation.deliver(*(a.an_assessor(played.order_id, batch_id, each) for each in people))
        await self.move_to(a.a_slot(day).starts_at)
        seen = (await self.union.get(f"/batches/{batch_id}")).json()
        evaluations = [each["evaluation_id"] for each in seen["candidates"] if each["state"] == "admitted"]
        return PlayedBatch(batch_id, people, evaluations)

    async def marked(self, batch: PlayedBatch, *failing: str) -> None:
        """Both parts by both assessors, unless they count from before; who is failing gets 59.9 in the practical."""
        seen = (await self.union.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        counts = {each["evaluation_id"]: {part["part"] for part in each["carried"]} for each in seen}
        one, other = (self.as_person("assessor", each) for each in batch.assessors[:2])
        for part in ("theory", "practical"):
            marks = [
                {"evaluation_id": each, "mark": "59.9" if (each in failing and part == "practical") else "60"}
                for each in batch.evaluations
                if part not in counts[each]
            ]
            if not marks:
                continue
            body = {"part": part, "marks": marks}
            answer = await one.post(f"/batches/{batch.batch_id}/marks", json=body)
            assert answer.status_code == 204, answer.text
            answer = await other.post(f"/batches/{batch.batch_id}/marks/confirm", json=body)
            assert answer.status_code == 200, answer.text
            assert answer.json()["differing"] == []

    async def posted(self, batch: PlayedBatch) -> date:
        """Once it is over."""
        slot = (await self.union.get(f"/batches/{batch.batch_id}")).json()["slot"]
        await self.move_to(datetime.fromisoformat(slot["ends_at"]))
        answer = await self.union.post(f"/batches/{batch.batch_id}/post")
        assert answer.status_code == 200, answer.text
        return date.fromisoformat(answer.json()["objections_until"])

    async def certified(self, played: Played, *failing: int, line: int = 2) -> PlayedBatch:
        """A batch from planning to certificates."""
        batch = await self.a_batch(played, line=line)
        await self.marked(batch, *(batch.evaluations[each] for each in failing))
        until = await self.posted(batch)
        await self.move_to(a.at(until + timedelta(days=1), 9))
        answer = await self.union.post(f"/batches/{batch.batch_id}/certificates")
        assert answer.status_code == 201, answer.text
        return batch
