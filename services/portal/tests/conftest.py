"""The portal on a real database; facts come in as Kafka would bring them."""

import dataclasses
import json
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from portal.accounts import commands
from portal.main import build
from portal.settings import Settings
from servicekit.testing import service_on, tx_of
from servicekit.testing import test_keys as keys_folder

ROOT = Path(__file__).parents[3]
WEB = ROOT / "services" / "portal" / "web"


@pytest.fixture(scope="module")
def more_settings():
    """What a module's portal is told beside the usual."""
    return {}


@pytest.fixture(scope="module")
async def portal(database, tmp_path_factory, more_settings):
    async with service_on(
        database,
        build,
        Settings,
        programmes=ROOT / "programmes",
        assets=_some_assets(tmp_path_factory.mktemp("assets")),
        private_key=keys_folder() / "portal.pem",
        admin_password="a-long-password",
        **more_settings,
    ) as service:
        async with service.transactions.begin() as tx:
            await commands.ensure_administrator(tx, "a-long-password")
        yield service


@pytest.fixture
async def tx(portal):
    async with tx_of(portal) as tx:
        yield tx


def _some_assets(folder: Path) -> Path:
    """Names only: what the files hold is the browser tests' business."""
    recipe = tomllib.loads((WEB / "assets.toml").read_text(encoding="utf-8"))
    names = [*recipe["own"]["files"], *recipe["copy"], recipe["icons"]["name"]]
    folder.joinpath("manifest.json").write_text(
        "{" + ", ".join(f'"{name}": "{name}"' for name in names) + "}", encoding="utf-8"
    )
    folder.joinpath("static").mkdir()
    for name in names:
        folder.joinpath("static", name).write_text(f"/* {name} */", encoding="utf-8")
    return folder


@pytest.fixture
def asked(portal, monkeypatch):
    """The other services tell these things and take everything: what was sent to them."""

    def neighbours(told):
        sent = []

        def answer(request):
            if request.method == "GET":
                found = told.get(request.url.path)
                return httpx.Response(503) if found is None else httpx.Response(200, json=found)
            sent.append((request.url.path, json.loads(request.content or "null")))
            return httpx.Response(201, json={})

        known = portal.transactions.known
        ways = {"url_of": "http://{}.test".format, "transport": httpx.MockTransport(answer)}
        reached = dataclasses.replace(known.neighbours, **ways)
        monkeypatch.setattr(portal.transactions, "known", dataclasses.replace(known, neighbours=reached))
        return sent

    return neighbours
