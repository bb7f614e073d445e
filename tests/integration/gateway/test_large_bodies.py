"""Large bodies come in one at a time, at every door; small ones pass by those that wait."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import httpx
import orjson
import pytest

from gateway.rest import bundles_in, documents, updating
from gateway.rest.app import create_app
from gateway.rest.body_limits import LARGE
from tests.integration.gateway.conftest import BASE, FHIR_JSON, NOBODY, document
from tests.servers import PATIENCE_SECONDS
from worker.settings import Settings

PIECE = LARGE // 4
SHORTEST = LARGE // PIECE + 1  # pieces, of which there are more in a body that is large


@dataclass
class Body:
    """A body that is sent in pieces, and how many of them the server has taken."""

    whole: bytes
    taken: int = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give a piece whenever the server asks for one."""
        for at in range(0, len(self.whole), PIECE):
            self.taken += 1
            yield self.whole[at : at + PIECE]


@dataclass
class Held:
    """What is made of bodies; that of a large one waits until it is let go."""

    work: Callable[..., Any]
    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, raw: bytes, *rest: Any, **more: Any) -> Any:
        """Do the work as the server asked for it."""
        if len(raw) > LARGE:
            self.begun.set()
            assert self.let_go.wait(PATIENCE_SECONDS)
        return self.work(raw, *rest, **more)


def put(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a batch that puts a document where it says."""
    url = f"DocumentReference/{resource['id']}"
    entry = {"resource": resource, "request": {"method": "PUT", "url": url}}
    return {"resourceType": "Bundle", "type": "batch", "entry": [entry]}


Door = tuple[str, str, Callable[[dict[str, Any]], dict[str, Any]], tuple[ModuleType, str]]

DOORS: dict[str, Door] = {
    "create": ("POST", "/DocumentReference", dict, (documents, "parse")),
    "update": ("PUT", "/DocumentReference/{id}", dict, (updating, "loaded")),
    "batch": ("POST", "", put, (bundles_in, "loaded")),
}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    """A way in for documents."""
    return str(request.param)


@pytest.fixture
def held(door: str, monkeypatch: pytest.MonkeyPatch) -> Held:
    """The first step with the bodies of the door."""
    module, name = DOORS[door][-1]
    made = Held(getattr(module, name))
    monkeypatch.setattr(module, name, made)
    return made


async def send(client: httpx.AsyncClient, door: str, name: str, body: Body) -> int:
    """Send a body through a door and return the status of the answer."""
    method, path, _, _ = DOORS[door]
    url = f"{BASE}{path.format(id=name)}"
    answer = await client.request(method, url, content=body.pieces(), headers=FHIR_JSON)
    return answer.status_code


def body(door: str, name: str, size: int) -> Body:
    """Return the body that brings a document with a note of some characters."""
    made = document("a" * size, id=name, identifier=None)
    return Body(orjson.dumps(DOORS[door][2](made)))


def test_large_bodies_wait_for_their_turn(sqlite_url: str, door: str, held: Held) -> None:
    """The second is left unread until the first is stored; a small one does not wait for it."""
    first, second = body(door, "first", LARGE), body(door, "second", LARGE)
    settings = Settings(database_url=sqlite_url, broker_url=NOBODY, base_url=BASE)

    async def told() -> tuple[int, list[int]]:
        transport = httpx.ASGITransport(create_app(settings))
        async with httpx.AsyncClient(transport=transport) as client, asyncio.TaskGroup() as group:
            large = [group.create_task(send(client, door, "first", first))]
            await asyncio.to_thread(held.begun.wait, PATIENCE_SECONDS)
            large.append(group.create_task(send(client, door, "second", second)))
            small = await send(client, door, "small", body(door, "small", 1))
            taken = second.taken
            held.let_go.set()
            return taken, [small, *[await one for one in large]]

    taken, statuses = asyncio.run(told())
    assert taken == SHORTEST
    assert second.taken > SHORTEST
    assert statuses == [200 if door == "batch" else 201] * 3
