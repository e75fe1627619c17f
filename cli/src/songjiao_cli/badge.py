"""`songjiao badge check`: whether a certificate's badge is genuine and holds, by files alone, without a network."""

import base64
import contextlib
import json
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
import typer
from jwt import PyJWK
from jwt.types import Options
from rich.console import Console

app = typer.Typer(no_args_is_help=True)
screen = Console()
MOST_BYTES = 4 * 2**20
"""Of a status list, unzipped."""
UNKNOWN = 3
"""Exit status where a badge is genuine and its lists are not all at hand."""


@app.callback()
def _badges() -> None:
    """A group of its own, also with one command."""


@dataclass(frozen=True)
class Found:
    """What the files say: wrong = the badge is not to be believed, or does not hold; missing = lists not at hand."""

    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="The badge file (.jwt), as the public check hands it out.")],
    *,
    key: Annotated[Path, typer.Option(help="The issuer's did.json, fetched from the issuer's own address.")],
    status: Annotated[
        list[Path] | None, typer.Option(help="A status list that the badge names, fetched; once for each.")
    ] = None,
) -> None:
    """Status 0: genuine, and it holds; 1: not so; 3: genuine, but not every status list was given."""
    lists = [path.read_text(encoding="utf-8") for path in status or ()]
    found = checked(file.read_text(encoding="utf-8"), json.loads(key.read_text(encoding="utf-8")), lists)
    for name, value in found.told:
        screen.print(f"{name}: {value}", markup=False, highlight=False)
    for why in found.wrong:
        screen.print(f"NOT VALID: {why}", markup=False, style="red")
    for url in found.missing:
        screen.print(f"status unknown, fetch {url}", markup=False, style="yellow")
    if found.wrong:
        raise typer.Exit(1)
    if found.missing:
        raise typer.Exit(UNKNOWN)
    screen.print("valid", style="green")


def checked(
    token: str, document: Mapping[str, Any], lists: Sequence[str], *, at: float | None = None
) -> Found:
    """The badge under the issuer's keys, and its places in the lists that are given; `at` = seconds since 1970."""
    at = time.time() if at is None else at
    try:
        badge = _signed(token, document, at)
    except ValueError as why:
        return Found(wrong=(f"the badge {why}",))
    if "OpenBadgeCredential" not in badge.get("type", ()):
        return Found(wrong=("the file is no Open Badge",))
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for each in lists:
        try:
            one = _signed(each, document, at)
            known[one["id"], one["credentialSubject"]["statusPurpose"]] = one["credentialSubject"]
        except ValueError as why:
            return Found(wrong=(f"a status list {why}",))
        except (KeyError, TypeError):
            return Found(wrong=("a file given as a status list is none",))
    wrong, missing = list[str](), list[str]()
    entries = badge.get("credentialStatus", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        url, purpose = entry["statusListCredential"], entry["statusPurpose"]
        if (url, purpose) not in known:
            missing.append(url)
        elif _is_set(known[url, purpose]["encodedList"], int(entry["statusListIndex"])):
            wrong.append(f"it was {'revoked' if purpose == 'revocation' else 'suspended'}")
    subject = badge["credentialSubject"]
    told = (
        ("number", subject.get("licenseNumber", "")),
        ("achievement", subject["achievement"]["name"]),
        ("issuer", badge["issuer"]["name"]),
        ("issued", badge["validFrom"]),
        *_marks(subject),
    )
    return Found(tuple(wrong), tuple(missing), told)


def _signed(token: str, document: Mapping[str, Any], at: float) -> dict[str, Any]:
    """The claims; `ValueError` in words that go on after "the badge"."""
    claims = _claims(token.strip(), _keys(token.strip(), document))
    if claims.get("iss") != document.get("id"):
        raise ValueError("is of another issuer than the key file")
    if claims.get("nbf", 0) > at:
        raise ValueError("is of a day that is to come")
    until = claims.get("validUntil")
    if until and datetime.fromisoformat(until).timestamp() < at:
        raise ValueError("is out of date: fetch it again")
    return claims


def _keys(token: str, document: Mapping[str, Any]) -> list[PyJWK]:
    """The key that the token names; all of the issuer's where it names none. A key in the token itself is nobody's."""
    try:
        named = jwt.get_unverified_header(token).get("kid")
        methods = {each["id"]: each["publicKeyJwk"] for each in document["verificationMethod"]}
        return [PyJWK(jwk, "EdDSA") for name, jwk in methods.items() if named in (None, name)]
    except jwt.InvalidTokenError:
        raise ValueError("is no signed file") from None
    except (KeyError, TypeError, jwt.PyJWKError):
        raise ValueError("cannot be checked: the key file is no DID document") from None


def _claims(token: str, keys: Sequence[PyJWK]) -> dict[str, Any]:
    unchecked: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
    for key in keys:
        with contextlib.suppress(jwt.InvalidTokenError):
            claims: dict[str, Any] = jwt.decode(token, key, algorithms=["EdDSA"], options=unchecked)
            return claims
    raise ValueError("was changed, or another has signed it")


def _is_set(encoded: str, place: int) -> bool:
    """The bit at a place; behind the list's end nothing is certain, so it counts as set."""
    zipped = base64.urlsafe_b64decode(encoded[1:] + "===")
    bits = zlib.decompressobj(wbits=31).decompress(zipped, MOST_BYTES)
    return place // 8 >= len(bits) or bool(bits[place // 8] & (0x80 >> place % 8))


def _marks(subject: Mapping[str, Any]) -> list[tuple[str, str]]:
    kinds = {each["id"]: each["name"] for each in subject["achievement"].get("resultDescription", ())}
    return [(kinds[each["resultDescription"]], each["value"]) for each in subject.get("result", ())]
