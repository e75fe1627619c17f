"""The page to which an address belongs that only takes forms: after a refused form it is still in the browser's bar."""

from collections.abc import Iterable, Sequence
from re import Pattern

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts


def pages_of(app: FastAPI) -> list[Pattern[str]]:
    """The addresses of everything that people can look at."""
    return [
        route.path_regex
        for route in iter_route_contexts(app.routes)
        if route.endpoint
        and route.endpoint.__module__.startswith("portal.")
        and not route.include_in_schema
        and "GET" in (route.methods or ())
    ]


def page_above(pages: Sequence[Pattern[str]], path: str) -> str:
    """The nearest page above the address: /orders/7/scheme for /orders/7/scheme/undo; at last the front door."""
    return next(way for way in _above(path) if way == "/" or any(page.match(way) for page in pages))


def page_of(pages: Sequence[Pattern[str]], path: str) -> str:
    """The page on which a form stood that was sent to this address: itself, or the nearest above."""
    return path if any(page.match(path) for page in pages) else page_above(pages, path)


def _above(path: str) -> Iterable[str]:
    parts = path.strip("/").split("/")
    for many in range(len(parts) - 1, 0, -1):
        yield "/" + "/".join(parts[:many])
    yield "/"
