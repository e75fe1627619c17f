"""The code on the screen: windows, clocks that are wrong, old codes again, codes of somebody's own make."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.refusals import Refused
from evaluation.delivery import codes

from .. import builders as a

pytestmark = pytest.mark.rules
KEY = codes.key_from(b"c" * 32)
NOON = a.at(a.MONDAY, 12)
SECONDS = 15
SESSION = UUID(int=19)  # the same for every worker of a run: examples below are made of it
SECRET = codes.secret_of(KEY, SESSION)


def shown(at=NOON, secret=SECRET, session=SESSION):
    return codes.code_of(secret, session, codes.window_of(at, SECONDS))


def answer(code, at=NOON, secret=SECRET):
    try:
        codes.check(secret, codes.read(code), at, SECONDS)
    except Refused as refused:
        return refused.code
    return "good"


def test_a_code_is_good_while_it_is_on_the_screen_and_a_little_longer():
    code = shown()
    assert codes.window_of(NOON + timedelta(seconds=14), SECONDS) == codes.window_of(NOON, SECONDS)
    seconds = {n: answer(code, NOON + timedelta(seconds=n)) for n in (-16, -15, -1, 0, 14, 15, 44, 45)}
    assert [n for n, told in seconds.items() if told == "good"] == [-15, -1, 0, 14, 15, 44]
    assert {seconds[-16], seconds[45]} == {"sign_in.code_expired"}


def test_another_window_has_another_code():
    assert len({shown(NOON + timedelta(seconds=15 * n)) for n in range(240)}) == 240


@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-3), timedelta(minutes=2)])
def test_a_screen_whose_clock_is_wrong_shows_codes_that_nobody_takes(off):
    assert answer(shown(NOON + off)) == "sign_in.code_expired"


def test_a_code_of_yesterday_is_not_good_today_and_was_good_then():
    yesterday = NOON - timedelta(days=1)
    assert answer(shown(yesterday)) == "sign_in.code_expired"
    assert answer(shown(yesterday), yesterday) == "good"  # it can be looked at later


def test_a_code_of_another_session_or_of_somebody_elses_make_is_none():
    other = codes.secret_of(KEY, uuid4())
    assert answer(shown(secret=other)) == "sign_in.code_unknown"
    assert answer(shown(secret=codes.secret_of(codes.key_from(b"d" * 32), SESSION))) == "sign_in.code_unknown"
    raw = bytearray(base64.urlsafe_b64decode(shown()))
    raw[19] ^= 1  # the next window under this one's proof
    assert answer(base64.urlsafe_b64encode(raw).decode()) == "sign_in.code_unknown"


@pytest.mark.parametrize(
    "code", ["", "x", "签到", "１２３４", shown()[:-4], shown() + "AAAA", shown() + "\n", "=" * 40]
)
def test_what_is_no_code_is_none(code):
    assert answer(code) == "sign_in.code_unknown"


@given(some.text(max_size=60))
def test_nothing_that_somebody_types_is_a_code(text):
    assert answer(text) == "sign_in.code_unknown"


@given(some.uuids(), some.integers(0, 2**32 - 1))
def test_a_code_says_its_session_and_window(session, window):
    secret = codes.secret_of(KEY, session)
    told = codes.read(codes.code_of(secret, session, window))
    assert (told.session_id, told.window) == (session, window)
    assert len(codes.code_of(secret, session, window)) == 40
