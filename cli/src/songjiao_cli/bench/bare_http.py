"""A FastAPI route written by hand: token, key, body, the same rows in asyncpg, the same server settings."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from pydantic import BaseModel

from servicekit.web import Server
from songjiao_cli.bench.bare import command
from songjiao_cli.bench.shared import answers
from songjiao_cli.bench.talk import Talk


class Step(BaseModel):
    """What the command is asked with."""

    day: date


def application(database: str, token: str) -> FastAPI:
    """One route, a pool of 16; connections are given back as they are, which the product does too."""

    async def as_it_is(connection: object) -> None:
        """Without a statement that resets it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database, min_size=16, max_size=16, reset=as_it_is) as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)
    users = {f"Bearer {token}": "u-1"}

    async def actor(authorization: Annotated[str, Header()]) -> str:
        user = users.get(authorization)
        if user is None:
            raise HTTPException(401)
        return user

    @app.post("/orders/{order}/step", status_code=201)
    async def post_step(
        order: UUID,
        body: Step,  # noqa: ARG001  checked, and the same for all
        request: Request,
        response: Response,
        by: Annotated[str, Depends(actor)],
        idempotency_key: Annotated[str, Header()],
    ) -> dict[str, int]:
        asked = hashlib.sha256(str(request.url.path).encode() + await request.body()).digest()
        async with request.app.state.pool.acquire() as connection:
            steps = await command(connection, order, idempotency_key, by, asked)
        response.headers["Songjiao-Position"] = f"order-intake/{order}/{steps}"
        return {"steps": steps}

    return app


async def bare_serve(talk: Talk, told: dict[str, Any]) -> None:
    """Served as the product serves."""
    config = uvicorn.Config(
        application(told["database"], told["token"]), host="127.0.0.1", port=told["port"], log_config=None,
        access_log=False, server_header=False, date_header=False,
    )  # fmt: skip
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    await answers(told["port"])
    talk.say(ready=True)
    while await talk.heard() is not None:
        talk.say(serving=True)
    server.should_exit = True
    await serving
