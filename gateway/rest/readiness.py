"""GET /readyz: whether this process can take a note in, for whoever decides to send it some.

The database is the truth: without it, or with another schema, nothing can be taken in. Without the
broker all is taken in as before, and the sweeper rings later: that is ready, but degraded.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Response

from gateway.rest.addressing import READY
from gateway.rest.responses import made
from models.errors import BiomedError
from worker.bounded import Bounded

PATIENCE_SECONDS = 2.0
KEPT_SECONDS = 1.0
AT_ONCE = 4

Check = Callable[[], object]


class Readiness:
    """The checks of one process, each asked in its own time and by one at once."""

    def __init__(self, database: Check, broker: Check) -> None:
        self._database = bounded(database)
        self._broker = bounded(broker)

    def report(self) -> tuple[HTTPStatus, dict[str, object]]:
        """Return the status and what each check found: error codes and no more."""
        with ThreadPoolExecutor(2) as pool:
            broker = pool.submit(code_of, self._broker)
            found = {"database": code_of(self._database), "broker": broker.result()}
        ready = found["database"] is None
        word = ("degraded" if found["broker"] else "ready") if ready else "not-ready"
        checks = {name: described(code) for name, code in found.items()}
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return status, {"status": word, "checks": checks}


def bounded(check: Check) -> Bounded[object]:
    """Return a check that answers in time."""
    return Bounded(check, patience=PATIENCE_SECONDS, keep=KEPT_SECONDS)


def code_of(check: Check) -> str | None:
    """Return the code of the error that a check meets; None when all is well."""
    try:
        check()
    except BiomedError as error:
        return error.code
    return None


def described(code: str | None) -> dict[str, str]:
    """Return what is said of one check."""
    return {"status": "failed", "code": code} if code else {"status": "ok"}


def readiness(checks: Readiness) -> APIRouter:
    """Return the route; it waits in threads of its own, since hung requests may hold all others."""
    router = APIRouter(include_in_schema=False)
    own = CapacityLimiter(AT_ONCE)

    @router.get(READY)
    async def readyz() -> Response:
        status, report = await to_thread.run_sync(checks.report, limiter=own)
        answer = made(report, int(status))
        answer.headers["Content-Type"] = "application/json"
        return answer

    return router
