"""The last of them: one sheet shows every screen, small, to find one."""

from sheets import overview
from test_shots import SHEETS, SHOTS


def test_one_sheet_shows_all():
    sheets = sorted(SHEETS.glob("*.png"))
    overview(sheets).save(SHOTS.parent / "all.png")
    assert sheets
