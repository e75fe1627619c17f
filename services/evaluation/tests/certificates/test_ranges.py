"""Numbers that an authority has handed out: in order, never twice, no gap without a reason, told in time."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from contracts.refusals import Invalid, Refused
from evaluation.certificates import ranges
from evaluation.certificates.numbering import _draw
from evaluation.certificates.ranges import Range

from .. import builders as a

NATIONAL = a.the_programmes().rules.evaluation.certificate_number_regex.value
PATTERNS = {"skill_level": {NATIONAL}, "enterprise": {r"Y\d{21}"}}
PREFIX = "S000035000123"


def a_range(first=1, last=10, **given):
    told = {
        "range_id": uuid4(), "issuer_id": "smftu", "kind": "skill_level", "prefix": PREFIX, "year": 2027, "level": 4,
        "first": first, "last": last, "next": first, "document": "闽人社〔2027〕12号", "entered_by": "union-1",
        "entered_at": datetime(2027, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    return Range(**(told | given))


@pytest.mark.rules
class TestDraw:
    @always(
        st.lists(st.integers(1, 12), min_size=1, max_size=4), st.sets(st.integers(1, 48)), st.integers(0, 48)
    )
    def test_every_serial_is_given_in_order_or_void_or_left(self, sizes, void, count):
        found, at = [], 1
        for size in sizes:
            found.append(a_range(at, at + size - 1))
            at += size
        voids = {each.range_id: {one for one in void if each.first <= one <= each.last} for each in found}
        free = [one for one in range(1, at) if one not in void]
        if count > len(free):
            with pytest.raises(Refused, match=r"certificate\.numbers_used_up"):
                ranges.draw(found, voids, count, year=2027, level=4)
            return
        drawn, after = ranges.draw(found, voids, count, year=2027, level=4)
        assert [int(each[-6:]) for each in drawn] == free[:count]
        now = {each.range_id: each for each in found} | {each.range_id: each for each in after}
        assert sum(each.left(voids[each.range_id]) for each in now.values()) == len(free) - count

    def test_a_closed_range_gives_nothing_more(self):
        with pytest.raises(Refused, match="used_up"):
            ranges.draw([a_range(closed_on=date(2027, 1, 2))], {}, 1, year=2027, level=4)

    def test_what_was_given_before_is_passed_over_one_by_one(self):
        """Numbers 3 and 5 were somebody's before the range was entered: 1, 2 and 4 are no gap, they come first."""
        of = a_range(1, 6)
        drawn, (after,) = ranges.draw([of], {of.range_id: {3, 5}}, 3, year=2027, level=4)
        assert [int(each[-6:]) for each in drawn] == [1, 2, 4]
        assert (after.left({3, 5}), after.comes_next({3, 5})) == (1, 6)
        assert replace(after, next=7).comes_next({3, 5}) == 7

    def test_it_runs_low_below_its_share(self):
        assert not a_range(1, 100, next=91).runs_low((), Decimal("0.1"))
        assert a_range(1, 100, next=92).runs_low((), Decimal("0.1"))
        assert a_range(1, 100, next=91).runs_low({100}, Decimal("0.1"))
        assert not a_range(1, 100, next=99, closed_on=date(2027, 1, 2)).runs_low((), Decimal("0.1"))


@pytest.mark.rules
class TestEnter:
    def test_no_number_is_in_two_ranges(self):
        ranges.check_new(a_range(11, 20), [a_range(1, 10), a_range(11, 20, level=3)], PATTERNS)
        with pytest.raises(Refused, match=r"range\.overlaps"):
            ranges.check_new(a_range(10, 20), [a_range(1, 10, issuer_id="other")], PATTERNS)
        with pytest.raises(Invalid, match=r"range\.wrong_order"):
            ranges.check_new(a_range(20, 10), [], PATTERNS)
        with pytest.raises(Invalid, match=r"range\.no_number"):
            ranges.check_new(a_range(prefix="J000035000123"), [], PATTERNS)
        with pytest.raises(Invalid, match=r"range\.no_number"):
            ranges.check_new(a_range(kind="enterprise"), [], PATTERNS)
        ranges.check_new(a_range(kind="enterprise", prefix="Y000035000123"), [], PATTERNS)
        with pytest.raises(Invalid, match=r"range\.kind_unknown") as refused:
            ranges.check_new(a_range(kind="diploma"), [], PATTERNS)
        assert refused.value.parameters["allowed"] == "enterprise, skill_level"

    def test_only_what_was_not_given_is_put_aside(self):
        of, allowed = a_range(1, 10, next=5), ["number_misprinted"]
        ranges.check_void(of, {8}, 5, 7, "number_misprinted", allowed)
        with pytest.raises(Refused, match=r"number\.of_a_certificate"):
            ranges.check_void(of, {8}, 5, 10, "number_misprinted", allowed)
        with pytest.raises(Refused, match=r"number\.given_already"):
            ranges.check_void(of, {8}, 4, 6, "number_misprinted", allowed)
        with pytest.raises(Invalid, match=r"number\.not_of_range"):
            ranges.check_void(of, {8}, 5, 11, "number_misprinted", allowed)
        with pytest.raises(Invalid, match=r"number\.cause_unknown"):
            ranges.check_void(of, {8}, 5, 6, "dislike", allowed)


def body(**given):
    told = {
        "issuer_id": "smftu", "kind": "skill_level", "prefix": PREFIX, "year": 2027, "level": 4, "first": 1,
        "last": 10, "document": "闽人社〔2027〕12号",
    }  # fmt: skip
    return told | given


@pytest.fixture
async def nothing_handed_out(evaluation):
    """Ranges belong to an issuer, not to an order: the next test begins without."""
    yield
    async with evaluation.transactions.begin() as tx:
        await tx.driver.execute("delete from number_range")
        await tx.driver.execute("delete from number_void")


@pytest.mark.usefixtures("nothing_handed_out")
class TestOfAnAuthority:
    async def test_drawn_in_parallel_no_number_comes_twice_and_none_is_left_out(self, evaluation, union):
        """Two issuers, twenty transactions each, of two ranges of one issuer and one of the other; some roll back."""
        for more in (
            {},
            {"first": 11, "last": 40},
            {"issuer_id": "yaftu", "prefix": "S000035000456", "last": 30},
        ):
            assert (await union.post("/number-ranges", json=body(**more))).status_code == 201

        class Gone(Exception):  # noqa: N818
            pass

        async def draw(issuer, at):
            try:
                async with evaluation.transactions.begin() as tx:
                    drawn = await _draw(tx, issuer, "skill_level", 2027, 4, 1 + at % 2)
                    await asyncio.sleep(0)
                    if at % 5 == 0:
                        raise Gone  # noqa: TRY301  as a command that fails
                    return drawn
            except Gone:
                return []

        issuers = ("smftu", "yaftu")
        found = await asyncio.gather(*(draw(issuer, at) for at in range(20) for issuer in issuers))
        numbers = [each for drawn in found for each in drawn]
        assert len(numbers) == len(set(numbers)) == 48
        for prefix in (PREFIX, "S000035000456"):
            serials = sorted(int(each[-6:]) for each in numbers if each.startswith(prefix))
            assert serials == list(range(1, 25)), "what was rolled back left no gap"

    async def test_certificates_have_its_numbers_till_they_end_and_a_void_one_is_explained(
        self, evaluation, given, union, jinniu
    ):
        entered = (await union.post("/number-ranges", json=body(last=4))).json()
        void = {"first": 2, "last": 2, "cause": "number_misprinted"}
        assert (await union.post(f"/number-ranges/{entered['range_id']}/void", json=void)).status_code == 204
        played = await given.an_order(heads=2, sessions=0)
        await given.certified(played, line=1)
        listed = (await union.get(f"/certificates?order_id={played.order_id}")).json()
        assert [(each["number"], each["demo"]) for each in listed] == [
            (f"{PREFIX}274000001", False), (f"{PREFIX}274000003", False),
        ]  # fmt: skip
        (told,) = (await union.get("/number-ranges")).json()
        assert (told["next"], told["left"], told["low"]) == (4, 1, False)
        assert told["voids"] == [{"number": f"{PREFIX}274000002", "cause": "number_misprinted"}]
        again = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(again, line=1)
        await given.marked(batch)
        until = await given.posted(batch)
        await given.move_to(a.at(until.replace(day=until.day), 23, 59))
        await given.move_to(a.at(date.fromordinal(until.toordinal() + 1), 9))
        answer = await union.post(f"/batches/{batch.batch_id}/certificates")
        assert (answer.status_code, answer.json()["code"]) == (409, "certificate.numbers_used_up")
        assert (answer.json()["parameters"]["left"], answer.json()["parameters"]["wanted"]) == (1, 2)
        assert (await union.post("/number-ranges", json=body(first=5, last=9))).status_code == 201
        assert (await union.post(f"/batches/{batch.batch_id}/certificates")).json() == {"certificates": 2}
        numbers = [
            each["number"] for each in (await union.get(f"/certificates?order_id={again.order_id}")).json()
        ]
        assert numbers == [f"{PREFIX}274000004", f"{PREFIX}274000005"]
        assert (await jinniu.get("/number-ranges")).status_code == 403

    async def test_entered_again_after_a_restore_what_was_given_is_not_given_again(
        self, evaluation, given, union
    ):
        await union.post("/number-ranges", json=body())
        played = await given.an_order(heads=1, sessions=0)
        await given.certified(played, line=1)
        async with evaluation.transactions.begin() as tx:
            given_last = await tx.driver.fetchval("select max(number) from certificate where not demo")
            await tx.driver.execute("delete from number_range")
        serial = int(given_last[-6:])
        entered = (await union.post("/number-ranges", json=body(first=1, last=serial + 5))).json()
        (told,) = (await union.get("/number-ranges")).json()
        async with evaluation.transactions.begin() as tx:
            there = {
                int(row["number"][-6:])
                for row in await tx.driver.fetch(
                    "select number from certificate where number between $1 and $2",
                    f"{PREFIX}274000001", f"{PREFIX}274{serial + 5:06d}",
                )
            }  # fmt: skip
        free = [each for each in range(1, serial + 6) if each not in there]
        assert (told["left"], told["next"]) == (len(free), free[0])
        void = {"first": serial, "last": serial, "cause": "number_misprinted"}
        answer = await union.post(f"/number-ranges/{entered['range_id']}/void", json=void)
        assert (answer.status_code, answer.json()["code"]) == (409, "number.of_a_certificate")
        async with evaluation.transactions.begin() as tx:
            drawn = await _draw(tx, "smftu", "skill_level", 2027, 4, len(free))
        assert [int(each[-6:]) for each in drawn] == free, "no gap, and no number twice"

    async def test_a_hole_before_a_number_that_was_given_is_given(self, evaluation, given, union):
        """A certificate has the second number of a range that is entered only now."""
        played = await given.an_order(heads=1, sessions=0)
        await given.certified(played, line=1)
        number = f"{PREFIX}274000802"
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute(
                "update certificate set number = $1 where order_id = $2", number, played.order_id
            )
        await union.post("/number-ranges", json=body(first=801, last=804))
        async with evaluation.transactions.begin() as tx:
            drawn = await _draw(tx, "smftu", "skill_level", 2027, 4, 3)
        assert [int(each[-6:]) for each in drawn] == [801, 803, 804]

    async def test_kind_issuer_and_form_are_the_programmes_and_who_closes_is_kept(self, union):
        for wrong, code in (
            ({"kind": "diploma"}, "range.kind_unknown"),
            ({"issuer_id": "nobody"}, "range.issuer_unknown"),
            ({"issuer_id": "jinniu"}, "range.issuer_unknown"),
            ({"kind": "enterprise", "prefix": "Y000035000123"}, "range.issuer_unknown"),
            ({"kind": "enterprise", "issuer_id": "jinniu"}, "range.no_number"),
        ):
            answer = await union.post("/number-ranges", json=body(**wrong))
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        own = body(kind="enterprise", issuer_id="jinniu", prefix="Y000035000123")
        entered = (await union.post("/number-ranges", json=own)).json()["range_id"]
        for _ in range(2):
            closing = await union.post(f"/number-ranges/{entered}/close", json={"cause": "number_withdrawn"})
            assert closing.status_code == 204
        (told,) = (await union.get("/number-ranges")).json()
        assert (told["closed_cause"], told["closed_by"]) == ("number_withdrawn", told["entered_by"])
