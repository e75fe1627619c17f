"""Asking a service for what a desk shows or does, as the one who looks; a refusal in its own words."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from contracts.sentences import all_sentences
from portal.known import known
from portal.web.text import Text
from servicekit.db import Tx
from servicekit.neighbours import READ_SECONDS

INTAKE, SCHEDULING, DISPATCH, EVALUATION = ("order-intake", "scheduling", "instructor-dispatch", "evaluation")
Missing = Literal["away", "none", "not_yours"]
WHY: Mapping[int, Missing] = {401: "not_yours", 403: "not_yours", 404: "none"}
Seen = TypeVar("Seen", bound=BaseModel)
One = TypeVar("One", bound=BaseModel)


async def read(tx: Tx, token: str | None, service: str, path: str, what: type[Seen]) -> Seen | Missing:
    """What the service tells the one who looks, or why it does not."""
    return seen_in(await fetch(tx, token, service, path), what)


async def read_list(
    tx: Tx, token: str | None, service: str, path: str, what: type[One]
) -> list[One] | Missing:
    """The same of an answer that is a list."""
    answer = await fetch(tx, token, service, path)
    if not isinstance(answer, bytes):
        return answer
    try:
        return TypeAdapter(list[what]).validate_json(answer)  # type: ignore[valid-type]
    except ValidationError:
        return "away"


async def done(
    tx: Tx,
    token: str | None,
    service: str,
    path: str,
    *,
    key: str,
    text: Text,
    body: Mapping[str, Any] | None = None,
    method: str = "POST",
    if_match: int | None = None,
) -> httpx.Response | str:
    """The service's answer when it is done; why not, in words, when it is refused or nobody answers."""
    if token is None:
        return missing("away", text)
    try:
        return await known(tx).neighbours.act(
            service, path, token, key=key, body=body, method=method, if_match=if_match
        )
    except httpx.HTTPStatusError as refused:
        return told(refused.response, text)
    except (LookupError, httpx.HTTPError):
        return missing("away", text)


async def asked(
    tx: Tx,
    token: str | None,
    service: str,
    path: str,
    what: type[Seen],
    text: Text,
    *,
    body: Mapping[str, Any] | None = None,
    file: tuple[str, bytes] | None = None,
    key: str | None = None,
) -> Seen | str:
    """What the service answers to what is sent, a file too; why not, in words, when it is refused or nobody answers."""
    answer = await made(tx, token, service, path, text, body=body, file=file, key=key)
    if isinstance(answer, str):
        return answer
    try:
        return what.model_validate_json(answer)
    except ValidationError:
        return missing("away", text)


async def made(
    tx: Tx,
    token: str | None,
    service: str,
    path: str,
    text: Text,
    *,
    body: Mapping[str, Any] | None = None,
    file: tuple[str, bytes] | None = None,
    beside: tuple[str, bytes] | None = None,
    key: str | None = None,
) -> bytes | str:
    """The same of an answer that is a file."""
    if token is None:
        return missing("away", text)
    try:
        return await known(tx).neighbours.ask_as(
            service, path, token, body=body, file=file, beside=beside, key=key
        )
    except httpx.HTTPStatusError as refused:
        return told(refused.response, text)
    except (LookupError, httpx.HTTPError):
        return missing("away", text)


async def handed(
    tx: Tx, token: str | None, service: str, path: str, text: Text
) -> tuple[Mapping[str, str], AsyncIterator[bytes]] | str:
    """A file as it comes, with what is said of it; why not, in words, when it is refused or nobody answers."""
    if token is None:
        return missing("away", text)
    try:
        return await known(tx).neighbours.stream(service, path, token)
    except httpx.HTTPStatusError as refused:
        return told(refused.response, text)
    except (LookupError, httpx.HTTPError):
        return missing("away", text)


def told(answer: httpx.Response, text: Text) -> str:
    """The refusal's own sentence."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    code = problem.get("code") if isinstance(problem, dict) else None
    if not isinstance(code, str):
        return missing("away", text)
    said = problem.get("sentences", {}).get(text.language)
    if code in all_sentences():
        return str(said or text.refusal(code, **problem.get("parameters", {})))
    # a newer service's rule: it was no failure, and whoever is asked for help needs its name
    return text("error.refused", code=code, said=said or "")


def missing(why: Missing, text: Text) -> str:
    """Why there is nothing to show."""
    return text(f"plan.missing_{why}")


def seen_in(answer: bytes | Missing, what: type[Seen]) -> Seen | Missing:
    """One look at an answer that several parts of a page read, each what it shows."""
    if not isinstance(answer, bytes):
        return answer
    try:
        return what.model_validate_json(answer)
    except ValidationError:
        return "away"


async def fetch(
    tx: Tx, token: str | None, service: str, path: str, *, seconds: float = READ_SECONDS
) -> bytes | Missing:
    """What the service tells, as it tells it; `seconds` more where it has to be made first."""
    if token is None:
        return "away"
    try:
        return await known(tx).neighbours.read(service, path, token, seconds=seconds)
    except httpx.HTTPStatusError as refused:
        return WHY.get(refused.response.status_code, "away")
    except (LookupError, httpx.HTTPError):
        return "away"
