"""How long the messages wait that the broker holds: what tells a long backlog from a lost message.

Every message carries when it was sent. Queues are first in, first out, so what was sent before the
oldest message that is still there was read, or is lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import orjson
from celery import Celery

RUNG = "rung"
"""The header with the time of sending, in seconds since 1970."""

ENDS = 8
"""Messages looked at on either end of a queue: kombu puts back what a worker gave back on both, and
other senders' messages carry no time."""

IN_HAND = 1000
"""Messages looked at of those that workers hold: more than workers have threads."""


def seconds(app: Celery, queues: Sequence[str], *, now: float, in_hand: float) -> float:
    """Return for how many seconds the oldest message waits in these queues or in a worker's hand.

    Those in a worker's hand count for `in_hand` seconds from when it took them: it may be dead. The
    result is 0 where there is no message, and where none says when it was sent.
    """
    with app.connection_or_acquire() as connection:
        channel = connection.default_channel
        held = _in_hand(channel, queues, since=now - in_hand)
        waiting = chain.from_iterable(_ends(channel.client, queue) for queue in queues)
        sent = list(_times(chain(waiting, held)))
    return max(0.0, now - min(sent)) if sent else 0.0


def _ends(client: Any, queue: str) -> list[Any]:
    """Return the messages at both ends of a queue."""
    found = [*client.lrange(queue, 0, ENDS - 1), *client.lrange(queue, -ENDS, -1)]
    return [_loaded(one) for one in found]


def _in_hand(channel: Any, queues: Sequence[str], *, since: float) -> Iterator[Any]:
    """Yield the messages of these queues that a worker took since then and did not acknowledge.

    Other programs may share the Redis, so others' messages are passed over.
    """
    index = channel.unacked_index_key
    tags = channel.client.zrevrangebyscore(index, "+inf", since, start=0, num=IN_HAND)
    for held in channel.client.hmget(channel.unacked_key, tags) if tags else ():
        match _loaded(held):
            case [message, _, queue] if queue in queues:
                yield message


def _times(messages: Iterable[Any]) -> Iterator[float]:
    for message in messages:
        match message:
            case {"headers": {**headers}} if isinstance(sent := headers.get(RUNG), int | float):
                yield float(sent)


def _loaded(message: bytes | None) -> Any:
    """Return what a message holds; None for what is none of ours."""
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(message or b"null")
    return None
