"""Asking scheduling to do something, as the one who does; a refusal in its own words."""

from collections.abc import Mapping
from typing import Any

import httpx

from contracts.sentences import all_sentences
from portal.desks.signed import OWNER, Missing
from portal.known import known
from portal.web.text import Text
from servicekit.db import Tx


async def acted(
    tx: Tx, token: str | None, path: str, *, key: str, text: Text, body: Mapping[str, Any] | None = None
) -> str:
    """Nothing when it is done; why not, in words, when it is refused or nobody answers."""
    if token is None:
        return missing("away", text)
    try:
        await known(tx).neighbours.act(OWNER, path, token, key=key, body=body)
    except httpx.HTTPStatusError as refused:
        return told(refused.response, text)
    except (LookupError, httpx.HTTPError):
        return missing("away", text)
    return ""


def told(answer: httpx.Response, text: Text) -> str:
    """The refusal's own sentence."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    code = problem.get("code")
    if code not in all_sentences():
        return missing("away", text)
    return text.refusal(code, **problem.get("parameters", {}))


def missing(why: Missing, text: Text) -> str:
    """Why there is nothing to show."""
    return text(f"plan.missing_{why}")
