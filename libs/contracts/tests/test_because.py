"""A reason is made once for the same figures, and other figures are another reason."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.values import because


def test_figures_that_are_equal_but_not_the_same_are_told_apart():
    assert because("a.b", n=1).figures == {"n": 1}
    assert because("a.b", n=Decimal(1)).figures == {"n": "1"}
    assert because("a.b", n=1).figures == {"n": 1}
    assert because("a.b", day=date(2026, 9, 1)).figures == {"day": "2026-09-01"}
    assert because("a.b", x=1, y=2) != because("a.b", x=2, y=1)


def test_what_is_no_figure_is_refused():
    with pytest.raises(ValueError, match="figures"):
        because("a.b", reasons=["a.c"])  # type: ignore[arg-type]
