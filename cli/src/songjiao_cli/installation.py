"""What an installation on this machine keeps beside its data: keys, passwords and addresses, made once."""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicekit import identity
from servicekit.identity import Issuer

SERVICES = ("portal", "order-intake", "scheduling", "instructor-dispatch", "evaluation")
"""In the order of their ports: 8100, 8101, …"""
PACKAGES = {service: service.replace("-", "_") for service in SERVICES}


class WrongState(Exception):  # noqa: N818  said to a person
    """A file of the installation cannot be read; the message says which, and what to do."""


def read_state(path: Path) -> Any:
    """What stands in one of the installation's JSON files; `WrongState` when it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WrongState(
            f"{path} cannot be read ({error}): mend it, or begin anew with `songjiao down --reset`"
        ) from error


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
        read: dict[str, str] = read_state(path)
        return read

    def operator_token(self) -> str:
        """Whoever holds the installation's keys may look after it, whether the portal answers or not."""
        return Issuer.from_file("portal", self.private_key("portal")).user_token(
            "operator", ["administrator"]
        )

    def make_keys(self) -> None:
        """A signing key for each service, and the file with the public halves that all of them read."""
        if not self.keys.exists():
            identity.make_keys(self.keys.parent, SERVICES)


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
