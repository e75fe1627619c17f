"""Money on the pages of subsidies is exact."""

from datetime import date
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import programme
from portal.desks.subsidy.full_roster import FullSeen, lines_of
from portal.desks.subsidy.seen import ClaimSeen, RowSeen
from portal.desks.subsidy.shown import fen_of, yuan
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules


@given(st.integers(0, 999_999_999))
def test_what_is_shown_is_read_as_the_same(fen):
    assert fen_of(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1000", 100_000), (" 1,000.5 ", 100_050), ("0.05", 5), ("１２，０００", 1_200_000)],
    ids=["whole", "tenths_and_commas", "fen", "full_width"],
)
def test_people_type_money_in_many_ways(typed, fen):
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["", "-1", "1.005", "1e3", "一千", "99999999"])
def test_what_is_no_money_is_refused(typed):
    assert fen_of(typed) is None


def test_the_full_roster_of_a_claim_has_the_amounts_that_were_filed():
    """The rate was 1,000 yuan when it was filed and is 1,500 today; another certificate was not claimed for."""
    names = Names(
        Text("en", ZoneInfo("Asia/Shanghai")), programme.load(Path(__file__).parents[3] / "programmes"), {}
    )
    mine, other = (
        RowSeen(
            certificate_id=uuid4(), worker_id=uuid4(), name="王*", number=f"S{at}", occupation="6-31-01-03",
            level="L4", issued_on=date(2027, 3, 8), fen=150_000, until=None, against=None,
        )
        for at in range(2)
    )  # fmt: skip
    filed = ClaimSeen(
        claim_id=uuid4(), enterprise_id="jinniu", certificates=1, amounts={mine.certificate_id: 100_000}, fallen=0,
        fen=100_000, filed_on=date(2027, 4, 1), state="filed", paid_fen=None, reason=None, settled_on=None,
    )  # fmt: skip
    people = {
        each.worker_id: FullSeen(worker_id=each.worker_id, name="王小明", id_number="35042519900101001X")
        for each in (mine, other)
    }
    (line,) = lines_of(filed, [mine, other], people, names)
    assert (line[0], line[2], line[-1]) == ("王小明", "S0", yuan(100_000))
