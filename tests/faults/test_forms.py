"""What is no request at all, at every door of every service: refused, understood, and nothing kept."""

import pytest

from .doors import Door, changing, doors
from .house import PEOPLE, SERVICES, House, clear, nested, no_failure_logged, raw, refused, written

NOT_JSON = {
    "half an object": '{"programme": ',
    "words": "please take my order",
    "invalid UTF-8": b'{"note": "\xff\xfe\xb0\xa1"}',
    "a number of ten thousand digits": '{"line": ' + "9" * 10_000 + "}",
    "a hundred thousand arrays in one another": nested(100_000),
}
NOT_MEANT = {
    "a list": "[]",
    "null": "null",
    "a text": '"order"',
    "a number": "1e400",
    "not a number": "NaN",
    "two hundred arrays in one another": nested(200),
    "an unknown field": written({"colour": "red"}),
    "an unknown field with a NUL": '{"colour\\u0000": "red"}',
    "an unknown field with half a character": '{"colour\\ud800": "\\udfff"}',
    "an unknown field of a thousand characters": written({"x" * 1000: 1}),
}
WRONG_KEYS = {
    "too short": "1234567", "too long": "k" * 129, "a tab": "12345678\t9", "empty": "",
    "an ID number": "350428198001011234", "one behind a word": "worker-35042819800101123X", "words": "my own key",
}  # fmt: skip


ROWS = ("/roster/look", "/roster/take", "/paper/take")
"""10,000 rows are more than a megabyte, and so are 2,000 answers."""


def everybody(house: House, door: Door):
    """Somebody with every role: only the form of the request can be wrong."""
    return house.client(door.service, *PEOPLE)


def takes_json(house: House, service: str) -> list[Door]:
    return [door for door in changing(house, service) if door.takes == "application/json"]


@pytest.mark.parametrize("service", SERVICES)
class TestAtEveryDoor:
    @pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
    async def test_what_is_no_json_is_refused(self, house, service, body):
        async with house.nothing_stored(service):
            with no_failure_logged():
                for door in takes_json(house, service):
                    client = everybody(house, door)
                    answer = await client.request(door.method, door.address(house.known), **raw(body))
                    assert clear(answer)["code"] in {"request.not_json", "request.malformed"}, door

    @pytest.mark.parametrize("body", NOT_MEANT.values(), ids=NOT_MEANT)
    async def test_json_that_cannot_be_meant_is_refused_with_its_field(self, house, service, body):
        async with house.nothing_stored(service):
            with no_failure_logged():
                for door in takes_json(house, service):
                    client = everybody(house, door)
                    answer = await client.request(door.method, door.address(house.known), **raw(body))
                    told = clear(answer)
                    if door.path.endswith(("/close", "/accept", "/open")) and body == "null":
                        continue
                    if told["code"] != "identity.role":
                        assert told["code"] in {"request.invalid", "request.not_json"}, (door, told)

    async def test_another_content_type_is_refused(self, house, service):
        async with house.nothing_stored(service):
            for door in changing(house, service):
                if door.takes:
                    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", ""):
                        client = everybody(house, door)
                        answer = await client.request(
                            door.method, door.address(house.known), **raw("{}", kind)
                        )
                        refused(answer, 415, "request.content_type", "header.content-type")

    async def test_more_than_a_megabyte_is_refused(self, house, service):
        large, larger = (written({"note": "y" * size}) for size in (1_000_000, 4_200_000))
        async with house.nothing_stored(service):
            for door in takes_json(house, service):
                client = everybody(house, door)
                body = raw(larger if door.path.endswith(ROWS) else large)
                answer = await client.request(door.method, door.address(house.known), **body)
                refused(answer, 413, "request.too_large")

    async def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(self, house, service):
        sent = 0

        async def endless():
            nonlocal sent
            while sent < 100_000_000:
                sent += 100_000
                yield b" " * 100_000

        door = takes_json(house, service)[0]
        answer = await everybody(house, door).request(
            door.method,
            door.address(house.known),
            content=endless(),
            headers={"content-type": "application/json"},
        )
        refused(answer, 413, "request.too_large")

    async def test_without_an_idempotency_key_nothing_is_changed(self, house, service):
        async with house.nothing_stored(service):
            for door in changing(house, service):
                if not door.needs_key:
                    continue
                client = everybody(house, door)
                request = client.build_request(door.method, door.address(house.known))
                answer = await client.send(request)
                if clear(answer)["code"] != "identity.role":
                    told = clear(answer)
                    fields = {each["field"] for each in told["errors"]} | {told["field"]}
                    assert "header.idempotency-key" in fields, (door, told)

    @pytest.mark.parametrize("key", WRONG_KEYS.values(), ids=WRONG_KEYS)
    async def test_a_key_that_is_none_is_refused(self, house, service, key):
        async with house.nothing_stored(service):
            for door in changing(house, service):
                if door.needs_key:
                    client = everybody(house, door)
                    headers = {"Idempotency-Key": key}
                    answer = await client.request(door.method, door.address(house.known), headers=headers)
                    refused(answer, 422, "idempotency.key_invalid", "header.idempotency-key")

    async def test_an_id_that_is_none_is_refused(self, house, service):
        wrong = ("not-an-id", "0", "1' or '1'='1", "%00", "%ff", "..%2f..%2fetc", "9" * 400, "%F0%9F%98%80")
        async with house.nothing_stored(service):
            with no_failure_logged():
                for door in doors(house, service):
                    if "{" not in door.path:
                        continue
                    for one in wrong:
                        before, _, rest = door.path.partition("{")
                        path = before + one + rest.partition("}")[2]
                        path = Door(service, door.method, path).address(house.known)
                        answer = await everybody(house, door).request(door.method, path)
                        clear(answer)

    async def test_another_method_and_another_address_are_refused(self, house, service):
        client = house.client(service, *PEOPLE)
        refused(await client.get("/no/such/address"), 404, "request.no_such_address")
        refused(await client.request("DELETE", "/live"), 405, "request.method")
        refused(await client.request("TRACE", "/live"), 405, "request.method")
