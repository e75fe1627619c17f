"""Asking the services for what is sealed: their parts of a root, the proof of a story, all windows."""

import re
from collections.abc import AsyncIterator

from servicekit.seal.chain import Part, Publication, Story, Taken
from songjiao_cli.api import Api, Person
from songjiao_cli.seal.forms import LogWindow, OrderProof

NUMBER = re.compile(r"[0-9]{4}-[0-9]{4,6}")


class NotPublished(Exception):  # noqa: N818  said to a person
    """There is no root to prove anything under."""


async def publish(api: Api, who: Person) -> Publication:
    """A root over all that every service has sealed by now; each keeps it."""
    publication = Publication.over([await _part_of(api, who, service) for service in api.urls])
    for service in api.urls:
        await api.call(who, "POST", service, "/seal/published", json=publication.model_dump(mode="json"))
    return publication


async def _part_of(api: Api, who: Person, service: str) -> Part:
    """The service's part; the first one over a long log takes more than one call."""
    part = None
    while part is None:
        part = Taken.model_validate(await api.call(who, "POST", service, "/seal")).part
    return part


async def published(api: Api, who: Person, root: bytes | None) -> Publication:
    """The newest root that all services keep; or this one."""
    wanted = {"root": root.hex()} if root else None
    kept = [
        [
            Publication.model_validate(each)
            for each in await api.call(who, "GET", service, "/seal/published", params=wanted)
        ]
        for service in api.urls
    ]
    for publication in kept[0]:
        if all(publication in others for others in kept):
            return publication
    if root is None:
        raise NotPublished("nothing was published yet that all services keep: `songjiao seal root` publishes")
    raise NotPublished(f"the services keep no root {root.hex()}; without --root the newest is taken")


async def prove_order(api: Api, who: Person, order: str, publication: Publication) -> OrderProof:
    """Everything that was said about an order (number or id) under this root."""
    if NUMBER.fullmatch(order):
        order = (await api.call(who, "GET", "portal", f"/orders/{order}/story.json"))["order_id"]
    stories = {
        part.service: Story.model_validate(
            await api.call(
                who, "GET", part.service, f"/seal/stories/{order}", params={"windows": part.windows}
            )
        )
        for part in publication.parts
    }
    return OrderProof(order=order, publication=publication, stories=stories)


async def windows_of(api: Api, who: Person, service: str, until: int) -> AsyncIterator[LogWindow]:
    """Every window of a service up to this one, with its facts."""
    at = 0
    while at < until:
        told = await api.call(who, "GET", service, "/seal/windows", params={"after": at, "until": until})
        if not told:
            return
        for each in told:
            yield LogWindow.model_validate({"service": service, **each})
        at = told[-1]["window"]["number"]
