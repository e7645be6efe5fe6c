"""The simulator as an aiohttp application."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web
from pydantic import ValidationError

from notifications.simulator.faults import Faults
from notifications.simulator.phones import Phones
from notifications.simulator.postman import Account, Postman
from notifications.simulator.store import Store
from notifications.simulator.twilio_api import TwilioApi


def build_app(account: Account) -> web.Application:
    """A fresh simulator, empty, without faults."""
    app = web.Application()
    store = Store()
    postman = Postman(account, store)

    async def put_faults(request: web.Request) -> web.Response:
        try:
            postman.faults = Faults.model_validate(await request.json())
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            return web.json_response({"errors": problems}, status=400)
        except ValueError:
            return web.json_response({"errors": "this is not JSON"}, status=400)
        return web.json_response(postman.faults.model_dump())

    async def delete_faults(request: web.Request) -> web.Response:
        postman.faults = Faults()
        return web.json_response(postman.faults.model_dump())

    async def get_stats(request: web.Request) -> web.Response:
        return web.json_response(store.stats() | {"webhooks_under_way": postman.under_way})

    async def close_postman(_: web.Application) -> AsyncIterator[None]:
        yield
        await postman.close()

    app.add_routes(TwilioApi(store, postman).routes())
    app.add_routes(Phones(store, postman).routes())
    app.add_routes(
        [
            web.put("/faults", put_faults),
            web.delete("/faults", delete_faults),
            web.get("/stats", get_stats),
        ]
    )
    app.cleanup_ctx.append(close_postman)
    return app
