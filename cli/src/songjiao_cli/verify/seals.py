"""A service's seal, made anew from its log, and compared with what lies on the topics."""

from collections.abc import Sequence

import orjson

from servicekit.seal.chain import MOST
from songjiao_cli.api import Api, Person
from songjiao_cli.seal.log import Chain
from songjiao_cli.seal.services import windows_of
from songjiao_cli.verify.log import RawFact


async def wrong_seal(api: Api, who: Person, service: str, facts: Sequence[RawFact]) -> list[str]:
    """Where the chain does not hold, or a fact on a topic is not the one sealed; asked after the topics were read."""
    chain, lines, sealed = Chain(), [], {}
    async for window in windows_of(api, who, service, MOST):
        lines += [f"{service}: {line}" for line in chain.take(window)]
        for body in window.bodies:
            fact = orjson.loads(body)
            sealed[fact["id"]] = fact
    for fact in facts:
        if fact["source"] == service and sealed.get(fact["id"]) != fact:
            what = "is not as it was sealed" if fact["id"] in sealed else "is not sealed"
            lines.append(f"{service}: {fact['type']} {fact['id']} {what}")
    return lines
