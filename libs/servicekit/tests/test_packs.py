"""A pack of files is checked by whoever holds it, without us."""

import contextlib
import shutil
import subprocess
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit import packs
from servicekit.keys import make_keys
from servicekit.packs import File, NoPack, check, pack
from servicekit.tokens import Issuer, NotKnown, Verifier

FILES = [File("1-报名/名单.csv", "姓名\r\n张三\r\n".encode()), File("2-证书/甲.pdf", b"%PDF-1.7 " * 400)]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The public keys of a house, and who signs in it."""
    folder = tmp_path_factory.mktemp("keys")
    keys = make_keys(folder, ["evaluation", "portal"])
    return keys, Issuer.from_file("evaluation", folder / "evaluation.pem")


@pytest.fixture
def made(tmp_path, house):
    file = tmp_path / "pack.zip"
    file.write_bytes(pack({"订单 order": "2026-0137"}, ["照片"], FILES, house[1].signed_file))
    return file


def written_anew(file, change):
    """The same ZIP with other entries: `change(name, content)` gives what stands there, or nothing."""
    with zipfile.ZipFile(file) as old:
        entries = [(each.filename, old.read(each)) for each in old.infolist()]
    with zipfile.ZipFile(file, "w") as new:
        for name, content in entries:
            if (kept := change(name, content)) is not None:
                new.writestr(name, kept)
    return file


def test_it_is_as_it_was_made_and_by_whom(made, house):
    found = check(made, house[0])
    assert (found.wrong, found.signed_by) == ([], "evaluation")
    assert found.manifest.about == {"订单 order": "2026-0137"}
    assert found.manifest.missing == ["照片"]


def test_the_same_files_make_the_same_bytes(made, house):
    assert made.read_bytes() == pack({"订单 order": "2026-0137"}, ["照片"], FILES, house[1].signed_file)


def test_a_bare_machine_checks_it_too(made, tmp_path):
    tool = shutil.which("sha256sum")
    assert tool
    with zipfile.ZipFile(made) as zipped:
        zipped.extractall(tmp_path / "out")
    words = [tool, "--check", "--strict", packs.SUMS]
    done = subprocess.run(words, cwd=tmp_path / "out", check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_a_changed_file_is_named(made):
    written_anew(made, lambda name, content: content.replace("张三".encode(), "李四".encode()))
    assert check(made).wrong == ["1-报名/名单.csv: changed since the pack was made"]


def test_a_missing_file_and_one_too_much_are_named(made):
    written_anew(made, lambda name, content: None if name.startswith("2-") else content)
    with zipfile.ZipFile(made, "a") as zipped:
        zipped.writestr("别的.txt", "x")
    assert check(made).wrong == ["2-证书/甲.pdf: missing", "别的.txt: in no list"]


def test_what_unpacks_without_end_is_not_unpacked(made):
    endless = b"0" * (packs.PIECE * 3)
    written_anew(made, lambda name, content: endless if name.startswith("2-") else content)
    assert check(made).wrong == [
        f"2-证书/甲.pdf: longer than the {len(FILES[1].content)} bytes it was made with"
    ]


def test_a_list_that_was_made_to_fit_is_not_signed(made, house):
    forged = pack({"订单 order": "2026-0137"}, [], [File("1-报名/名单.csv", "李四".encode())], lambda _: None)
    signature = zipfile.ZipFile(made).read(packs.SIGNATURE)
    made.write_bytes(forged)
    with pytest.raises(NoPack, match=r"manifest\.jws is missing"):
        check(made, house[0])
    with zipfile.ZipFile(made, "a") as zipped:
        zipped.writestr(packs.SIGNATURE, signature)
    with pytest.raises(NoPack, match="of another list of files"):
        check(made, house[0])


def test_whose_key_is_not_of_this_house_has_not_signed_it(made, tmp_path):
    others = tmp_path / "others"
    others.mkdir()
    with pytest.raises(NoPack, match="no key that is known has signed this"):
        check(made, make_keys(others, ["evaluation"]))


def test_a_signature_opens_no_door(house):
    with pytest.raises(NotKnown):
        Verifier(house[0]).actor(house[1].signed_file("0" * 64))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "is no ZIP", id="empty"),
        pytest.param(b"PK\x03\x04 cut off", "is no ZIP", id="cut_off"),
    ],
)
def test_what_is_no_pack_is_said(tmp_path, content, why):
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(NoPack, match=why):
        check(file)


@given(st.data())
def test_a_damaged_file_is_said_to_be_so(tmp_path_factory, data):
    """One byte of the ZIP itself, wherever it stands: never an error of a program."""
    whole = pack({}, [], [File("a.csv", b"1,2,3\n" * 9), File("b.pdf", b"%PDF" * 9)], lambda _: None)
    at = data.draw(st.integers(0, len(whole) - 1))
    file = tmp_path_factory.mktemp("packs") / "p.zip"
    file.write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
    with contextlib.suppress(NoPack):
        check(file)


@given(
    st.dictionaries(st.text("abcde/", min_size=1, max_size=8), st.binary(max_size=64), max_size=5), st.data()
)
def test_any_changed_byte_is_found(tmp_path_factory, files, data):
    file = tmp_path_factory.mktemp("packs") / "p.zip"
    file.write_bytes(pack({}, [], [File(*each) for each in files.items()], lambda _: None))
    assert not check(file).wrong
    if full := [path for path, content in files.items() if content]:
        path = data.draw(st.sampled_from(full))
        at = data.draw(st.integers(0, len(files[path]) - 1))
        other = bytes([files[path][at] ^ 1])
        changed = files[path][:at] + other + files[path][at + 1 :]
        written_anew(file, lambda name, content: changed if name == path else content)
        assert check(file).wrong == [f"{path}: changed since the pack was made"]
