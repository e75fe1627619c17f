"""Addresses that only take forms: whoever loads one again goes to the page that it belongs to."""

import re
from uuid import UUID

from fastapi.routing import iter_route_contexts

from portal.web.back import page_above, pages_of

ORDER = UUID("0190a000-0000-7000-8000-000000000000")
HTML = {"accept": "text/html"}


async def test_an_address_that_only_takes_forms_leads_to_its_page(portal):
    app = portal.service.app
    pages = pages_of(app)
    posts, gets = set(), set()
    for route in iter_route_contexts(app.routes):
        if route.endpoint and not route.include_in_schema and route.endpoint.__module__.startswith("portal."):
            (gets if "GET" in route.methods else posts).add(route.path)
    assert len(posts - gets) > 40
    client = portal.client()
    for path in posts - gets:
        address = re.sub(r"\{\w+\}", str(ORDER), path)
        if any(page.fullmatch(address) for page in pages):
            continue  # such an address is a page: /offers/{offer}/{naming} beside /offers/{offer}/panel
        answer = await client.get(address, headers=HTML)
        assert answer.status_code == 303, path
        assert answer.headers["location"] == page_above(pages, address), path
    for address, page in {
        f"/orders/{ORDER}/scheme/undo": f"/orders/{ORDER}/scheme",
        "/federation/ask": "/federation", "/account/browsers/end": "/account", "/logout": "/",
    }.items():  # fmt: skip
        assert (await client.get(address, headers=HTML)).headers["location"] == page
    assert (await client.get("/logout")).status_code == 405, "programs are told so"
    assert (await client.head("/", headers=HTML)).status_code == 405, "and led in no circle"
