"""How the report is cut: every figure's parts, and the rows behind it. Pure."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.refusals import Invalid
from portal.desks.report.charts import charts_of
from portal.desks.report.counted import (
    CUTS,
    Certified,
    Counted,
    Planned,
    Taught,
    cut,
    heads_of,
    only,
    part_of,
    specials_of,
    sums,
)
from portal.desks.report.figures import FigureView, Part, PartRow
from portal.desks.report.period import Period, period, usual
from portal.web.text import Text
from staffing.counting import HeldSession

pytestmark = pytest.mark.rules
ids = st.integers(1, 12).map(lambda n: UUID(int=n))
places, trades = st.sampled_from(["350404", "350481"]), st.sampled_from(["6-31-01-03", "6-18-02-04"])
levels, programmes = st.sampled_from(["L5", "L4"]), st.sampled_from(["home", "plus"])
enterprises, colleges = st.sampled_from(["host", "near"]), st.sampled_from(["smtc", "smu"])
days = st.dates(date(2026, 4, 20), date(2026, 6, 10))
yuan = st.integers(0, 9000).map(lambda n: Decimal(n) / 2)
JOINT = {
    UUID(int=1): {
        "host": frozenset(UUID(int=n) for n in range(1, 7)),
        "near": frozenset(UUID(int=n) for n in range(7, 13)),
    }
}
held = st.builds(
    HeldSession, session_id=ids, order_id=ids, enterprise=enterprises, division=places, occupation=trades,
    level=levels, college=colleges, class_hours=st.integers(3, 4), special=st.booleans(), workers=st.frozensets(ids),
)  # fmt: skip
taught = st.builds(
    Taught, held=held, day=days, starts=st.none(), ends=st.none(), unit=st.just("u"), number=st.just("2026-0001"),
    programme=programmes, cost=yuan,
)  # fmt: skip
planned = st.builds(
    Planned, session_id=ids, order_id=ids, number=st.just("2026-0001"), enterprise=enterprises, division=places,
    occupation=trades, level=levels, programme=programmes, college=colleges, day=days, starts=st.none(),
    ends=st.none(), unit=st.just("u"),
)  # fmt: skip
certified = st.builds(
    Certified, certificate_id=ids, number=st.just("S1"), order_id=ids, order=st.just("2026-0001"),
    enterprise=enterprises, division=places, occupation=trades, level=levels, programme=programmes, issued_on=days,
    revoked=st.booleans(), allowance=yuan,
)  # fmt: skip
everything = st.builds(
    Counted,
    st.lists(taught, max_size=8, unique_by=lambda one: one.held.session_id).map(tuple),
    st.lists(planned, max_size=4, unique_by=lambda one: one.session_id).map(tuple),
    st.lists(certified, max_size=6, unique_by=lambda one: one.certificate_id).map(tuple),
    st.sampled_from([{}, JOINT]),
)


class TestCut:
    @given(everything)
    def test_the_parts_of_every_cut_add_up_to_the_whole(self, counted):
        whole = sums(counted)
        for name in CUTS:
            parts = [sums(part) for part in cut(name, counted).values()]
            apart = name == "college"  # which issues no certificates
            figures = (
                "sessions",
                "planned",
                "person_times",
                "class_hours",
                "cost",
                "certificates",
                "subsidy",
            )
            if apart:
                figures = ("sessions", "planned", "person_times", "class_hours", "cost")
            if name == "enterprise" and counted.joint:
                figures = ("person_times", "certificates", "subsidy")
            for figure in figures:
                assert sum(getattr(part, figure) for part in parts) == getattr(whole, figure), (name, figure)
            assert max((part.heads for part in parts), default=0) <= whole.heads

    @given(everything, st.lists(st.sampled_from(CUTS), max_size=3, unique=True), st.data())
    def test_whatever_is_filtered_the_parts_add_up_to_it_and_the_rows_to_each_part(
        self, counted, filters, data
    ):
        first = data.draw(st.none() | days)
        asked = Period(first, None)
        counted = replace(counted, taught=tuple(one for one in counted.taught if asked.holds(one.day)))
        for name in filters:
            codes = sorted(cut(name, counted))
            counted = part_of(name, data.draw(st.sampled_from(codes)), counted) if codes else counted
        whole = sums(counted)
        for name in CUTS:
            parts = cut(name, counted).values()
            assert sum(sums(part).person_times for part in parts) == whole.person_times, (filters, name)
            if name != "enterprise":
                for figure in ("sessions", "class_hours"):
                    assert sum(getattr(sums(part), figure) for part in parts) == getattr(whole, figure)
            for part in parts:
                told = sums(part)
                heads, specials = heads_of(part), specials_of(part)
                assert (len(heads), len(specials)) == (told.heads, told.special)
                assert sum(len(one.held.workers) for one in part.taught) == told.person_times
        for head in heads_of(counted):
            alone = sums(only(counted, worker=head.worker))
            assert (alone.sessions, alone.heads, alone.person_times) == (head.sessions, 1, head.sessions)
        for special in specials_of(counted):
            alone = sums(only(counted, order=special.order_id))
            assert (alone.special, alone.person_times) == (1, special.person_times) or not all(
                one.held.special for one in counted.taught if one.held.order_id == special.order_id
            )

    @given(everything)
    def test_the_rows_behind_a_figure_are_as_many_as_it_says(self, counted):
        for name in ("", *CUTS):
            for code in cut(name, counted) if name else [""]:
                part = part_of(name, code, counted)
                told = sums(part)
                heads = heads_of(part)
                assert len(heads) == told.heads
                assert sum(head.sessions for head in heads) == told.person_times
                assert len(specials_of(part)) == told.special
                assert len(part.taught) == told.sessions

    def test_a_session_of_a_joint_order_stands_with_each_enterprise_with_its_own_people(self):
        people = frozenset(UUID(int=n) for n in (1, 2, 7))
        one = HeldSession(UUID(int=5), UUID(int=1), "host", "350404", "t", "L4", "smtc", 4, False, people)
        counted = Counted(
            (Taught(one, date(2026, 5, 6), None, None, "u", "n", "p", Decimal(10)),), joint=JOINT
        )
        parts = {code: sums(part) for code, part in cut("enterprise", counted).items()}
        assert {code: (part.sessions, part.person_times) for code, part in parts.items()} == {
            "host": (1, 2), "near": (1, 1),
        }  # fmt: skip
        assert [head.enterprises for head in heads_of(counted)] == [("host",), ("host",), ("near",)]


class TestPeriod:
    def test_both_days_are_in_it_and_an_open_end_holds_everything(self):
        may = period("2026-05-01", "2026-05-31")
        assert may.holds(date(2026, 5, 1))
        assert may.holds(date(2026, 5, 31))
        assert not may.holds(date(2026, 6, 1))
        assert period("", " ") == Period()
        assert Period().holds(date(1999, 1, 1))
        assert period("2026-05-01", "").holds(date(2999, 1, 1))

    @pytest.mark.parametrize(
        ("first", "last", "code", "field"),
        [
            ("2026-13-01", "", "report.period_day", "first"),
            ("", "soon", "report.period_day", "last"),
            ("2026-05-02", "2026-05-01", "report.period_order", "last"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_its_field(self, first, last, code, field):
        with pytest.raises(Invalid) as refused:
            period(first, last)
        assert (refused.value.code, refused.value.field) == (code, field)

    @given(st.dates(date(2020, 1, 1), date(2099, 1, 1)))
    def test_the_usual_periods_are_whole_months_and_years(self, today):
        told = usual(today)
        assert told["month"].holds(today)
        assert told["last_month"].last + timedelta(days=1) == told["month"].first
        for name in ("month", "last_month"):
            assert told[name].first.day == 1
            assert (told[name].last + timedelta(days=1)).day == 1


class TestItsCharts:
    def test_a_cut_with_nothing_to_draw_keeps_its_place_and_has_no_rows(self):
        def row(**figures):
            return PartRow(
                "x", "X", 0, tuple(FigureView(code, value, f"{value}", "") for code, value in figures.items())
            )

        parts = [
            Part("month", "", (row(sessions=0, planned=2), row(sessions=1, planned=0))),
            Part("trade", "", (row(heads=0),)),
            *(Part(cut, "", ()) for cut in ("level", "county")),
        ]
        charts = charts_of(parts, Text("en", ZoneInfo("Asia/Shanghai")))
        assert [(chart.code, len(chart.rows)) for chart in charts] == [
            ("month", 2), ("trade", 0), ("level", 0), ("county", 0),
        ]  # fmt: skip
        assert [one.shares for one in charts[0].rows] == [(0, 100), (50, 0)]
