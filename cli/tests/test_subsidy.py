"""What another rule file would bring, as the command prints it."""

from io import StringIO

import pytest
from rich.console import Console

from songjiao_cli.subsidy import table_of, yuan

pytestmark = pytest.mark.rules


def test_the_lines_and_their_sum_with_the_difference():
    line = {"number": "2026-0001", "level": "L4", "certificates": 2, "claimed_fen": 100_000, "fen": 200_000,
            "other_fen": 100_050, "difference": -99_950}  # fmt: skip
    found = {"lines": [line, line], "fen": 400_000, "other_fen": 200_100, "difference": -199_900}
    out = StringIO()
    Console(file=out, width=200).print(table_of(found))
    told = out.getvalue()
    assert "-999.50" in told
    assert "-1,999.00" in told
    assert "2,000.00" in told


def test_money_is_exact():
    assert [yuan(fen) for fen in (0, 5, -5, 123_456)] == ["0.00", "0.05", "-0.05", "1,234.56"]
