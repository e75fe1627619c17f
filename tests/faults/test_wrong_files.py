"""A wrong programme or rule file stops every service's start, and says where: file and line, no traceback."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.programme import WrongFile, load
from servicekit.exits import WRONG_CONFIGURATION
from servicekit.testing import test_keys as the_keys

from .house import KEY, PROGRAMMES, SERVICES

WRONG = {
    "a pass mark above a hundred": ("rules/levels.csv", "practical,60", "practical,600", 3),
    "a shift that nobody knows": ("rules/shifts.csv", "EEMMNN--", "EEMMXX--", 5),
    "a unit of an unknown occupation": ("catalogue.csv", "el5-basics,6-31-01-03", "el5-basics,6-31-01-99", 3),
    "a band that ends before it begins": ("rules/bands.csv", "08:30,11:45", "11:45,08:30", 2),
    "a day that does not exist": ("rules/holidays_2026.csv", "2026-10-01", "2026-02-30", None),
    "a file that is no YAML": ("rules/rules.yaml", "\n", "\n  : - [ }\n", 2),
    "an unknown word in a programme": ("send-teachers-home.yaml", "\ncode:", "\ncolour: red\ncode:", None),
    "a notice of no fact": ("rules/notices.yaml", "order.submitted.v1", "order.sent.v1", 21),
    "another encoding": ("rules/bands.csv", "上午", None, None),
}


def start(service: str, folder, **wrong: str) -> subprocess.CompletedProcess[str]:
    """Serve with these programmes; there are no servers, so only what is read before they are needed runs."""
    settings = {
        "SONGJIAO_PROGRAMMES": str(folder),
        "SONGJIAO_DATA_KEY": KEY,
        "SONGJIAO_INDEX_KEY": KEY,
        "SONGJIAO_CHECK_KEY": KEY,
        "SONGJIAO_KEYS": str(the_keys() / "keys.json"),
        "SONGJIAO_DATABASE": "postgresql://nobody@127.0.0.1:1",
        "SONGJIAO_KAFKA": "127.0.0.1:1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SONGJIAO_")}
    return subprocess.run(
        [sys.executable, "-m", service.replace("-", "_"), "serve"],
        env=kept | settings | wrong,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def broken(folder, file: str, old: str, new: str | None):
    """A copy of the programmes with one mistake."""
    shutil.copytree(PROGRAMMES, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    if new is None:
        path.write_bytes(text.encode("gb18030"))
    else:
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def stopped(run: subprocess.CompletedProcess[str], file: str, line: int | None) -> None:
    assert run.returncode == WRONG_CONFIGURATION
    assert "Traceback" not in run.stderr, run.stderr[-2000:]
    assert re.search(place(file, line), run.stderr), run.stderr[-2000:]


def place(file: str, line: int | None) -> str:
    return rf"{re.escape(file)}:{line or r'[0-9]+'}: \S"


def test_every_service_stops_at_a_wrong_file(tmp_path):
    mistakes = list(WRONG.values())[: len(SERVICES)]
    with ThreadPoolExecutor(2) as at_once:
        folders = [
            broken(tmp_path / service, *mistake[:3])
            for service, mistake in zip(SERVICES, mistakes, strict=True)
        ]
        runs = list(at_once.map(start, SERVICES, folders))
    for run, (file, _, _, line) in zip(runs, mistakes, strict=True):
        stopped(run, file, line)


@pytest.mark.parametrize(("file", "old", "new", "line"), WRONG.values(), ids=WRONG)
def test_every_mistake_is_found_with_its_place(file, old, new, line, tmp_path):
    with pytest.raises(WrongFile, match=place(file, line)):
        load(broken(tmp_path / "programmes", file, old, new))


@pytest.mark.parametrize("missing", ["rules/levels.csv", "rules/rules.yaml", "catalogue.csv", "."])
def test_a_missing_file_is_told_by_its_name(missing, tmp_path):
    folder = tmp_path / "programmes"
    shutil.copytree(PROGRAMMES, folder)
    gone = folder / missing
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    with pytest.raises(WrongFile, match=re.escape(missing if missing != "." else "programmes")):
        load(folder)


def test_a_wrong_setting_is_told_by_its_name():
    wrong = [{"SONGJIAO_PORT": "eighty"}, {"SONGJIAO_INDEX_KEY": "short"}]
    with ThreadPoolExecutor(2) as at_once:
        runs = list(at_once.map(lambda told: start("order-intake", PROGRAMMES, **told), wrong))
    for run, told in zip(runs, wrong, strict=True):
        assert run.returncode == WRONG_CONFIGURATION
        assert next(iter(told)) in run.stderr
        assert "Traceback" not in run.stderr, run.stderr[-2000:]
