"""The season of the checks: every planted case is found, honest ones are left alone, and both are really there."""

from pathlib import Path

import pytest

from contracts.programme import load
from contracts.values import Way
from evaluation.findings.checks import Kind
from songjiao_cli.bench.findings import play, rows
from songjiao_cli.bench.findings_planted import PLANTED

PROGRAMMES = load(Path(__file__).parents[2] / "programmes")
FIGURES = PROGRAMMES.rules.finding(PROGRAMMES.rules.findings[0].since)
SEED = 11


def test_forty_cases_of_nine_kinds_are_found_and_nothing_else_is_told():
    played = play(PROGRAMMES, SEED)
    assert (played.sessions, played.people, len(played.plants)) == (137, 7_400, 40)
    assert set(PLANTED) == set(Kind)
    assert played.found == PLANTED
    assert all(row.ok for row in rows(played))


def test_a_season_in_which_nothing_is_planted_says_nothing():
    played = play(PROGRAMMES, SEED, planted={})
    assert (played.plants, played.false) == ([], [])
    assert len(played.hard) == 12
    assert all(many >= 5 for many in played.hard.values())


def nearer(**figures):
    """Figures that are stricter by a step."""
    return FIGURES.model_copy(
        update={
            name: FIGURES.class_hours_a_day.model_copy(update={"value": at}) for name, at in figures.items()
        }
    )


def paces(**acts):
    return FIGURES.model_copy(
        update={
            "pace": {
                Way(way): FIGURES.pace[Way(way)].model_copy(update={"acts": most})
                for way, most in acts.items()
            }
        }
    )


@pytest.mark.parametrize(
    ("figures", "kind"),
    [
        (nearer(class_hours_a_day=7), Kind.LONG_DAY),
        (nearer(workers_a_phone=2), Kind.ONE_PHONE),
        (nearer(shift_minutes=20), Kind.OWN_SHIFT),
        (nearer(drive_share=1.2), Kind.TWO_PLACES),
        (nearer(alike_minutes=1, alike_share=0.5), Kind.SAME_MINUTES),
        (paces(scan=11), Kind.BURST),
        (paces(roll_call=5), Kind.BURST),
        (paces(instructor_scan=4), Kind.BURST),
    ],
)
def test_the_honest_season_has_cases_just_inside_each_limit(figures, kind):
    assert kind in {each.kind for each in play(PROGRAMMES, SEED, planted={}, limits=figures).false}


def test_a_plant_that_is_not_found_fails_the_bench():
    blind = nearer(workers_a_phone=20)
    played = play(PROGRAMMES, SEED, limits=blind)
    assert played.found[Kind.ONE_PHONE] == 0
    assert [row.figure for row in rows(played) if not row.ok] == ["found: one_phone"]
