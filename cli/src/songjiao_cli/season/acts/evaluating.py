"""Eighth act: batches planned after delivery, assessors sent, marks by two people, posting, certificates."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from songjiao_cli.season.acts.offers import accept_all
from songjiao_cli.season.script import Line
from songjiao_cli.season.stage import PlayedOrder, Stage

_DAYS_UNTIL = 10
"""Days between the end of the teaching and the evaluation, at least."""


@dataclass
class _Batch:
    played: PlayedOrder
    line: Line
    batch_id: str
    starts_at: datetime
    ends_at: datetime | None = None
    """Known once it is marked."""
    posted_until: date | None = None


@dataclass
class Evaluations:
    """What the season evaluates, each batch at its time between the sessions."""

    stage: Stage
    planned: set[tuple[str, int]] = field(default_factory=set)
    waiting: list[_Batch] = field(default_factory=list)
    issued: int = 0
    revoked: int = 0

    async def plan_those_without_sessions(self) -> None:
        """Orders that ask for an evaluation only."""
        for played in self.stage.orders:
            if played.runs and not played.sessions:
                await self._plan(played, self.stage.script.begins + timedelta(days=28))

    async def plan_where_delivered(self) -> None:
        """Orders whose last session was held."""
        for played in self.stage.orders:
            if played.sessions and all(session["held"] for session in played.sessions):
                last = max(date.fromisoformat(session["slot"]["day"]) for session in played.sessions)
                await self._plan(played, last + timedelta(days=_DAYS_UNTIL))

    async def _plan(self, played: PlayedOrder, day: date) -> None:
        for number, line in enumerate(played.script.lines, start=1):
            if line.service != "skill_evaluation" or (played.key, number) in self.planned:
                continue
            self.planned.add((played.key, number))
            await self.stage.conductor.quiet()
            batch = await self._plan_line(played, number, line, day)
            self.waiting.append(batch)
            await accept_all(self.stage)

    async def _plan_line(self, played: PlayedOrder, number: int, line: Line, day: date) -> _Batch:
        while day.weekday() > 4 or self._is_off(day):  # noqa: PLR2004  Friday
            day += timedelta(days=1)
        answer = await self.stage.api.call(
            self.stage.coordinator, "POST", "evaluation", f"/orders/{played.order_id}/batches",
            json={"line": number, "day": day.isoformat(), "band": "am"},
        )  # fmt: skip
        return _Batch(played, line, answer["batch_id"], self.stage.at(day, 8, 30))

    def _is_off(self, day: date) -> bool:
        known = self.stage.programmes.holidays.get(day)
        return known is not None and known.kind == "holiday"

    async def hold_until(self, when: datetime | None) -> None:
        """Everything of the batches that falls before this time; `None` = to their very end."""
        while self.waiting:
            batch = min(self.waiting, key=self._due)
            if when is not None and self._due(batch) >= when:
                return
            await self.stage.conductor.move_to(self._due(batch))
            if batch.ends_at is None:
                await self._assess(batch)
            elif batch.posted_until is None:
                await self._post(batch)
            else:
                await self._certify(batch)
                self.waiting.remove(batch)
            self.stage.progress("certificates", self.issued, self.issued)

    def _due(self, batch: _Batch) -> datetime:
        if batch.ends_at is None:
            return batch.starts_at
        if batch.posted_until is None:
            return batch.ends_at
        return self.stage.at(batch.posted_until + timedelta(days=1), 9)

    async def _assess(self, batch: _Batch) -> None:
        api, path = self.stage.api, f"/batches/{batch.batch_id}"
        seen = await api.call(self.stage.coordinator, "GET", "evaluation", path)
        admitted = sorted(
            (one for one in seen["candidates"] if one["state"] == "admitted"),
            key=lambda one: one["evaluation_id"],
        )
        one, other = self._two_assessors(batch, seen["assessors"])
        first, second = await self.stage.sent(one), await self.stage.sent(other)
        for part in seen["parts"]:
            taking = [one["evaluation_id"] for one in admitted if not _counts(one, part)]
            if not taking:
                continue
            marks = self._marks(batch, part, taking)
            body = {"part": part, "marks": marks}
            await api.call(first, "POST", "evaluation", f"{path}/marks", json=body)
            await api.call(second, "POST", "evaluation", f"{path}/marks/confirm", json=body)
        batch.ends_at = datetime.fromisoformat(seen["slot"]["ends_at"])
        await self.stage.conductor.quiet()

    async def _post(self, batch: _Batch) -> None:
        posted = await self.stage.api.call(
            self.stage.coordinator, "POST", "evaluation", f"/batches/{batch.batch_id}/post"
        )
        batch.posted_until = date.fromisoformat(posted["objections_until"])
        await self.stage.conductor.quiet()

    def _two_assessors(self, batch: _Batch, firm: list[str]) -> tuple[str, str]:
        """One enters the marks, another confirms them."""
        if len(firm) < 2:  # noqa: PLR2004  one and another
            raise AssertionError(f"{batch.played.key}: {len(firm)} assessors are firm, two are needed")
        one, other = sorted(firm, key=self.stage.ordinal)[:2]
        return one, other

    def _marks(self, batch: _Batch, part: str, evaluations: list[str]) -> list[dict[str, Any]]:
        """The script says how many fail and stay away; the draw says by how much."""
        draw = self.stage.draw(f"marks/{batch.played.key}/{part}")
        marks: list[dict[str, Any]] = []
        for index, evaluation in enumerate(evaluations):
            if index < batch.line.stay_away:
                mark = None
            elif index < batch.line.stay_away + batch.line.fail and part == "practical":
                mark = f"{draw.randint(400, 599) / 10:.1f}"
            else:
                mark = f"{draw.randint(600, 980) / 10:.1f}"
            marks.append({"evaluation_id": evaluation, "mark": mark})
        return marks

    async def _certify(self, batch: _Batch) -> None:
        api = self.stage.api
        await api.call(
            self.stage.coordinator, "POST", "evaluation", f"/batches/{batch.batch_id}/certificates"
        )
        await self.stage.conductor.quiet()
        certificates = await api.call(
            self.stage.coordinator, "GET", "evaluation", "/certificates",
            params={"order_id": batch.played.order_id},
        )  # fmt: skip
        self.issued += len(certificates)
        while self.revoked < self.stage.script.disturbances.revoked * self.stage.scale and certificates:
            first = min(certificates, key=lambda certificate: str(certificate["number"]))
            await api.call(
                self.stage.coordinator, "POST", "evaluation",
                f"/certificates/{first['certificate_id']}/revoke",
                json={"reason": {"code": "certificate.issued_in_error"}},
            )  # fmt: skip
            certificates.remove(first)
            self.revoked += 1


def _counts(candidate: dict[str, Any], part: str) -> bool:
    """The part was passed before and is not taken again."""
    return any(each["part"] == part for each in candidate["carried"])
