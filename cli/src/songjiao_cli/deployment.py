"""`songjiao keys FOLDER`: what a deployment needs beside its images: keys, and the variables left open."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from servicekit import keys
from songjiao_cli.installation import SERVICES, WrongState


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


VARIABLES: Mapping[str, Callable[[], str]] = {
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(16),
    "SONGJIAO_DATA_KEY": _key,
    "SONGJIAO_INDEX_KEY": _key,
    "SONGJIAO_CHECK_KEY": _key,
    "SONGJIAO_ADMIN_PASSWORD": lambda: secrets.token_urlsafe(12),
    "SONGJIAO_UID": lambda: str(os.getuid()),
}
"""Each variable that the compose file leaves open, and its first value; the user id is the keys' owner's."""


def write(folder: Path) -> list[Path]:
    """Keys and variables into this folder; what is there already stays. Answers what was written."""
    written = []
    if not (folder / "keys" / "keys.json").exists():
        written.append(keys.make_keys(folder / "keys", SERVICES))
    (folder / "photos").mkdir(
        parents=True, exist_ok=True
    )  # whoever draws the keys owns it, as the services are
    variables = folder / ".env"
    if not variables.exists():
        variables.parent.mkdir(parents=True, exist_ok=True)
        variables.touch(mode=0o600)
        variables.write_text(
            "".join(f"{name}={draw()}\n" for name, draw in VARIABLES.items()), encoding="utf-8"
        )
        written.append(variables)
    return written


def renew(folder: Path) -> list[str]:
    """Further signing keys beside those of this folder; `WrongState` when it has none. Answers their names."""
    file = folder / "keys" / keys.FILE
    if not file.exists():
        raise WrongState(f"there are no keys in {file.parent}: draw them with `songjiao keys {folder}`")
    try:
        return keys.renew_keys(file.parent)
    except (ValueError, KeyError, TypeError) as wrong:
        raise WrongState(
            f"{file} is no file of keys ({wrong}): bring it back from where it was kept"
        ) from wrong
