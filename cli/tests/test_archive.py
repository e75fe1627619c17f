"""`songjiao archive check` says what an archive is, and what is wrong with one: no server, no database."""

import zipfile

import pytest
from typer.testing import CliRunner

from servicekit.keys import make_keys
from servicekit.packs import File, pack
from servicekit.tokens import Issuer
from songjiao_cli import main

FILES = [File("5-证书/证书登记.csv", "证书编号\r\n".encode())]


@pytest.fixture
def keys(tmp_path):
    return make_keys(tmp_path, ["evaluation"])


@pytest.fixture
def archive(tmp_path, keys):
    file = tmp_path / "2026-0137.zip"
    issuer = Issuer.from_file("evaluation", tmp_path / "evaluation.pem")
    file.write_bytes(
        pack({"订单 order": "2026-0137 金牛水泥"}, ["工件照片：纸质"], FILES, issuer.signed_file)
    )
    return file


def said(*words):
    done = CliRunner().invoke(main.app, ["archive", "check", *map(str, words)])
    return done.exit_code, done.output


def test_what_it_is_of_what_it_lacks_and_who_made_it(archive, keys):
    status, told = said(archive, "--keys", keys)
    assert status == 0
    assert "2026-0137 金牛水泥" in told
    assert "工件照片：纸质" in told
    assert "签名 signed: evaluation" in told


def test_without_the_keys_it_says_that_nobody_looked_who_made_it(archive):
    status, told = said(archive)
    assert (status, "--keys" in told) == (0, True)


def test_what_was_added_is_named_and_ends_with_status_1(archive):
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr("5-证书/多的.pdf", b"%PDF")
    status, told = said(archive)
    assert status == 1
    assert "5-证书/多的.pdf: in no list" in told


def test_what_is_no_archive_is_one_clear_sentence(tmp_path):
    file = tmp_path / "x.zip"
    file.write_bytes(b"no zip")
    status, told = said(file)
    assert status == 1
    assert "is no ZIP" in told
    assert "Traceback" not in told
