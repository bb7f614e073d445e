"""Which Redis carries the messages: the one that was named, or our own."""

from typing import Protocol

from worker.local_redis import LocalRedis
from worker.settings import Settings


class Broker(Protocol):
    """A Redis to be joined before use and left after it."""

    def join(self) -> str:
        """Return the address for Celery, of a server that runs as far as it is ours to run."""

    def leave(self) -> None:
        """Give it up."""


class RemoteRedis:
    """A Redis that somebody else runs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def join(self) -> str:
        """Return its address."""
        return self.url

    def leave(self) -> None:
        """Do nothing: it is not ours."""


def broker(settings: Settings) -> Broker:
    """Return the broker that the settings name; nothing is started before `join`."""
    if settings.broker_url is None:
        return LocalRedis(settings.folder)
    return RemoteRedis(settings.broker_url)
