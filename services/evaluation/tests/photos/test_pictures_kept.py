"""Photos in a folder, and in a bucket of S3Proxy: a real server of the protocol that checks signatures."""

import contextlib
import signal
import socket
import subprocess
import time
from uuid import UUID

import pytest

from contracts.refusals import NotFound, Refused
from evaluation.pictures_kept import open_store
from servicekit.local import artefacts

S3PROXY = "org.gaul:s3proxy:jar:jar-with-dependencies:2.6.0"
SESSION, PHOTO = UUID(int=1), UUID(int=2)
START_SECONDS = 60


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """The server on a folder of its own, with one bucket."""
    folder, port = tmp_path_factory.mktemp("s3"), a_free_port()
    folder.joinpath("data", "pictures").mkdir(parents=True)
    told = {
        "s3proxy.authorization": "aws-v4", "s3proxy.endpoint": f"http://127.0.0.1:{port}",
        "s3proxy.identity": "an-identity", "s3proxy.credential": "a-credential",
        "jclouds.provider": "filesystem-nio2", "jclouds.identity": "x", "jclouds.credential": "x",
        "jclouds.filesystem.basedir": str(folder / "data"),
    }  # fmt: skip
    properties = folder / "s3proxy.conf"
    properties.write_text("\n".join(f"{name}={value}" for name, value in told.items()))
    command = [
        str(artefacts.java()),
        "-Xmx128m",
        "-jar",
        str(artefacts.jar(S3PROXY)),
        "--properties",
        str(properties),
    ]
    with (
        folder.joinpath("log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as server,
    ):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and server.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGTERM)


def in_bucket(endpoint, *, secret="a-credential", where="s3://pictures/of/sessions"):
    return open_store(where, endpoint=endpoint, key="an-identity", secret=secret, region="us-east-1")


async def put_and_got(store):
    for _ in range(2):  # sent again it is there once
        await store.put(SESSION, PHOTO, b"whole", b"small")
    assert await store.get(SESSION, PHOTO, small=False) == b"whole"
    assert await store.get(SESSION, PHOTO, small=True) == b"small"
    with pytest.raises(NotFound, match=r"photo\.unknown"):
        await store.get(SESSION, UUID(int=3), small=False)


async def test_a_folder_is_made_when_it_is_needed(tmp_path):
    store = open_store(str(tmp_path / "a" / "photos"))
    assert list(tmp_path.iterdir()) == []
    await put_and_got(store)
    assert len(list(tmp_path.glob("a/photos/sessions/*/*.jpg"))) == 2


async def test_a_bucket_of_a_real_server(s3):
    await put_and_got(in_bucket(s3))


async def test_who_has_another_secret_or_finds_nobody_is_told(s3):
    for store in (in_bucket(s3, secret="another"), in_bucket(f"http://127.0.0.1:{a_free_port()}")):
        with pytest.raises(Refused, match=r"photo\.store_away"):
            await store.put(SESSION, PHOTO, b"whole", b"small")
