"""A wrong file is refused with what is wrong and where, never planned with a silent gap."""

import json

import pytest

from scheduling.planner.engine.instance import WrongInstance, read

pytestmark = pytest.mark.rules


def put(*path):
    """A change: the value at this path of the file."""
    *way, last, value = path

    def change(given):
        at = given
        for step in way:
            at = at[step]
        at[last] = value

    return change


WRONG = {
    "another format": (put("format", "training-plan-instance/2"), "format: "),
    "no horizon": (put("days", 0), "days: "),
    "a number as words": (put("sessions", 0, "min_level", "three"), "sessions.0.min_level"),
    "no band": (put("sessions", 0, "bands", []), "sessions.0.bands"),
    "an unknown band": (
        put("sessions", 0, "bands", ["night"]),
        "session S00001: band night is not in the file",
    ),
    "a band over midnight": (
        put("bands", "eve", "end", 1500),
        "band eve: 1110 to 1500 is no time of one day",
    ),
    "a one-way street": (put("travel", 0, 1, 999), "the other way round"),
    "a short row": (put("travel", 0, []), "travel: row 0 has 0 entries"),
    "a way to itself": (put("travel", 0, 0, 5), "travel: from site 0 to itself takes 5 minutes"),
    "no crew": (put("cohorts", 0, "crew", "nobody"), "cohort K0001: crew nobody is not in the file"),
    "no enterprise": (
        put("cohorts", 0, "enterprise", "E999"),
        "cohort K0001: enterprise E999 is not in the file",
    ),
    "a session that is not there": (put("cohorts", 0, "sessions", ["S9"]), "session S9 is not in the file"),
    "a session of another cohort": (put("sessions", 0, "cohort", "K0002"), "session S00001 belongs to K0002"),
    "a session without a cohort": (put("cohorts", 0, "sessions", []), "no cohort has it"),
    "no college": (
        put("instructors", 0, "college", "C99"),
        "instructor T001: college C99 is not in the file",
    ),
    "busy backwards": (put("instructors", 0, "busy", [[9, 5, None]]), "instructor T001: busy 9 to 5"),
    "a home that is no site": (put("instructors", 0, "home", 9999), "home 9999 is no site"),
    "two at one site": (put("enterprises", 1, "site", 38), "are at one site"),
    "a rest backwards": (put("crews", 0, "rest", [[900, 100]]), "crew E001-A: 900 to 100 is no time"),
    "a number beyond all": (put("buffer", 10**20), "buffer: "),
    "one id twice": (put("instructors", 1, "id", "T001"), "instructor T001 stands there twice"),
    "an unknown decline": (put("forbidden", [["S00001", "T999"]]), "instructor T999 is not in the file"),
    "a plan beyond the horizon": (
        put("plan", [{"session": "S00001", "day": 700, "band": "am", "instructor": "T001"}]),
        "day 700 is after the horizon of 70 days",
    ),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told(made, tmp_path, change, said):
    given = json.loads(made(137, 1).read_text())
    change(given)
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(given))
    with pytest.raises(WrongInstance) as refused:
        read(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert said in str(refused.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "\xff"])
def test_no_instance_at_all(tmp_path, content):
    file = tmp_path / "none.json"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(WrongInstance, match=str(file)):
        read(file)
