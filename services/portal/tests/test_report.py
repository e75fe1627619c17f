"""The city's report, from facts that came the real way."""

from datetime import date

from story_of_an_order import AnOrder, college, enterprise, instructor, survey

from portal.report import report
from portal.scope import Scope
from portal.verify import compare

EVERYTHING = Scope(everything=True)


class TestReport:
    async def test_a_season_with_nothing_in_it_reports_zeros(self, portal):
        async with portal.transactions.begin() as tx:
            figures = await report(tx, EVERYTHING)
        assert figures["person_times"] == figures["heads"] == figures["sessions"]["held"] == 0
        assert figures["orders"] == {}

    async def test_it_counts_orders_surveys_sessions_offers_marks_and_certificates(self, portal):
        one, two = AnOrder(special=True), AnOrder("two", "2026-0002", "jxlt", "建新轮胎")
        facts = [enterprise(), college(), instructor(), *survey(), *one.whole(), one.revoked()]
        facts += [
            two.submitted(), two.accepted(), two.drafted(), two.approved(), two.confirmed(sessions=2),
            two.scheduled(1), two.scheduled(2), two.offered(1), two.offer_declined(1), two.moved(2),
            two.offered(2), two.offer_accepted(2), two.opened(2), two.closed(2, there=2),
            two.corrected(1, 0, 2), two.session_cancelled(1), two.cancelled(),
        ]  # fmt: skip
        sent = [portal.envelope(fact) for fact in facts]
        for _ in range(2):
            await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in sent])
        async with portal.transactions.begin() as tx:
            assert await report(tx, EVERYTHING) == {
                "orders": {"cancelled": 1, "fulfilled": 1},
                "surveys": {"enterprises": 2, "rounds": 1, "person_times": 120},
                "sessions": {"held": 2, "special": 1, "moved": 1, "cancelled": 1},
                "heads": 4, "person_times": 4, "class_hours": 8,
                "offers": {"sent": 3, "accepted": 2, "declined": 1, "lapsed": 0, "substituted": 0},
                "evaluations": {"admitted": 1, "refused": 0, "assessed": 1, "passed": 1},
                "certificates": {"issued": 1, "revoked": 1},
                "by": {
                    "county": {"350428": {"sessions": 2, "person_times": 4, "class_hours": 8, "heads": 4}},
                    "trade": {"6-31-01-03": {"sessions": 2, "person_times": 4, "class_hours": 8, "heads": 4}},
                    "level": {"L4": {"sessions": 2, "person_times": 4, "class_hours": 8, "heads": 4}},
                    "college": {"smtc": {"sessions": 2, "person_times": 4, "class_hours": 8, "heads": 4}},
                    "enterprise": {
                        "jinniu": {"sessions": 1, "person_times": 3, "class_hours": 4, "heads": 3},
                        "jxlt": {"sessions": 1, "person_times": 1, "class_hours": 4, "heads": 1},
                    },
                },
            }  # fmt: skip
            assert await compare(tx, sent) == []

    async def test_a_certificate_in_the_place_of_another_is_counted_once(self, portal):
        three = AnOrder("three", "2026-0003")
        facts = [*three.whole(), *three.reissued("S000035000000264000777", on=date(2026, 7, 2))]
        async with portal.transactions.begin() as tx:
            before = (await report(tx, EVERYTHING))["certificates"]
        await portal.deliver(*facts)
        async with portal.transactions.begin() as tx:
            after = (await report(tx, EVERYTHING))["certificates"]
        assert after == {"issued": before["issued"] + 1, "revoked": before["revoked"]}

    async def test_what_was_decided_in_a_batch_that_was_cancelled_counts_nowhere(self, portal):
        four = AnOrder("four", "2026-0004")
        facts = [four.submitted(), four.accepted(), four.planned(), four.admitted(), four.assessed()]
        async with portal.transactions.begin() as tx:
            before = (await report(tx, EVERYTHING))["evaluations"]
        await portal.deliver(*facts)
        async with portal.transactions.begin() as tx:
            held = (await report(tx, EVERYTHING))["evaluations"]
        assert (held["admitted"], held["assessed"]) == (before["admitted"] + 1, before["assessed"] + 1)
        await portal.deliver(four.batch_cancelled())
        async with portal.transactions.begin() as tx:
            assert (await report(tx, EVERYTHING))["evaluations"] == before

    async def test_a_planted_miscount_is_found_by_folding_anew(self, portal):
        three = AnOrder("three", "2026-0003")
        fact = portal.envelope(three.submitted())
        await portal.deliver_raw([(fact.subject.encode(), fact.to_bytes())])
        async with portal.transactions.begin() as tx:
            await tx.driver.execute("update order_card set stage = 6 where order_id = $1", three.order_id)
            found = await compare(tx, [fact])
        assert any(f"{three.order_id}: stage is 6" in line for line in found)
