"""A client that logs in as a browser does."""

import re

KEY = re.compile(r'name="key" value="([^"]+)"')
PASSWORD = "a-good-password"


async def log_in(portal, username: str, back: str = "/board"):
    """Logged in; `landed` is where the log-in leads."""
    client = portal.client()
    form = await client.get("/login", params={"back": back})
    (key,) = KEY.findall(form.text)
    answer = await client.post(
        "/login", data={"username": username, "password": PASSWORD, "key": key, "back": back}
    )
    assert answer.status_code == 303, answer.text
    client.landed = answer.headers["location"]
    return client
