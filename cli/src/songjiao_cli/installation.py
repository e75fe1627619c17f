"""What an installation on this machine keeps beside its data: keys, passwords and addresses, made once."""

import base64
import getpass
import json
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError, model_validator

from servicekit import keys
from servicekit.tokens import Issuer

SERVICES = ("portal", "order-intake", "scheduling", "instructor-dispatch", "evaluation")
"""In the order of their ports: 8100, 8101, …"""
SPEAKERS = SERVICES[1:]
"""Those that say facts; the portal says none."""
PACKAGES = {service: service.replace("-", "_") for service in SERVICES}


S = TypeVar("S", bound=BaseModel)


class WrongState(Exception):  # noqa: N818  said to a person
    """A file of the installation cannot be read; the message says which, and what to do."""


def named(state: Path) -> str:
    """How a command that is told to somebody names this installation's folder: not at all when it is the usual one."""
    return "" if state == Path(".songjiao") else f" --state {shlex.quote(str(state))}"


class Running(BaseModel):
    """What `system.json` keeps: the services' ports, and the processes that were started last."""

    ports: dict[str, int]
    pids: dict[str, int]

    @model_validator(mode="after")
    def _of_all_services(self) -> "Running":
        missing = [service for service in SERVICES if service not in self.ports]
        if missing:
            raise ValueError(f"no port of {', '.join(missing)}")
        return self


class Secrets(BaseModel):
    """What `secrets.json` keeps: keys (base64) and the first administrator's password."""

    data_key: str
    index_key: str
    check_key: str
    admin_password: str
    further_data_keys: str = ""
    """The key before, while `songjiao rekey` is at work."""


def read_state(path: Path, shape: type[S]) -> S:
    """What stands in one of the installation's JSON files; `WrongState` when it is not of this shape."""
    try:
        return shape.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        told = f"{place}: {first['msg']}" if place else first["msg"]
        raise WrongState(
            f"{path} cannot be read ({told}): mend it, or begin anew with `songjiao down --reset`"
        ) from error


def write_whole(path: Path, text: str) -> None:
    """The file has this text or the one before, never half of it: also on a full disk, also when killed."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@dataclass(frozen=True)
class Installation:
    """The files of one installation, below its state directory."""

    folder: Path

    @property
    def keys(self) -> Path:
        """Public keys of all services (JWKS)."""
        return self.folder / "keys" / "keys.json"

    def private_key(self, service: str) -> Path:
        """The service's own Ed25519 key (PEM)."""
        return self.folder / "keys" / f"{service}.pem"

    def log(self, service: str) -> Path:
        """Where the service's output goes."""
        return self.folder / "logs" / f"{service}.log"

    @property
    def secrets(self) -> dict[str, str]:
        """`data_key`, `index_key`, `check_key` (base64) and `admin_password`; made once."""
        path = self.folder / "keys" / "secrets.json"
        if not path.exists():
            made = {name: _random_key() for name in ("data_key", "index_key", "check_key")}
            made["admin_password"] = secrets.token_urlsafe(12)
            _write_private(path, json.dumps(made, indent=1))
        return read_state(path, Secrets).model_dump()

    def draw_data_key(self) -> None:
        """Another key for what is encrypted; the one before is still read by, until it is forgotten."""
        kept = self.secrets
        self._keep(kept | {"data_key": _random_key(), "further_data_keys": kept["data_key"]})

    def forget_data_keys(self) -> None:
        """Nothing is under the key before any more."""
        self._keep(self.secrets | {"further_data_keys": ""})

    def _keep(self, kept: dict[str, str]) -> None:
        path = self.folder / "keys" / "secrets.json"
        part = path.with_name(f"{path.name}.part")
        _write_private(part, json.dumps(kept, indent=1))
        part.replace(path)  # the keys of before or those of now, never half of them

    def operator_token(self) -> str:
        """Whoever holds the installation's keys may look after it, whether the portal answers or not.

        What they do is noted as this machine's login (`operator:wang`).
        """
        issuer = Issuer.from_file("portal", self.private_key("portal"))
        return issuer.user_token(f"operator:{getpass.getuser()}", ["administrator"])

    def make_keys(self) -> None:
        """A signing key for each service, and the file with the public halves that all of them read."""
        if not self.keys.exists():
            keys.make_keys(self.keys.parent, SERVICES)


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
