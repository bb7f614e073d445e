"""The processes of the running system: `worker`, `serve`, `mllp`, `sweep`, `deliver`."""

# ruff: noqa: PLC0415 - a command pays only for what it uses, and `--help` imports no torch

import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.configuration import logging_settings, settings
from models.errors import CannotListen, WrongSettings

if TYPE_CHECKING:
    from worker.delivery_ports import Delivered

GRACE_SECONDS = 10
HEALTHY_SECONDS = 120
BACKLOG = 2048  # connections that wait to be accepted; the system may hold fewer


def worker(
    *,
    ingest: Annotated[
        bool,
        typer.Option(
            "--ingest", help="store what other applications send as biomed.ingest; read nothing"
        ),
    ] = False,
) -> None:
    """Read the notes that wait, until SIGTERM."""
    if ingest:
        from gateway.ingest import run_ingest

        raise typer.Exit(run_ingest(settings()))
    from worker.entry_points import run_worker

    raise typer.Exit(run_worker(settings()))


def serve() -> None:
    """Answer FHIR requests at BIOMED_HOST and BIOMED_PORT, until SIGTERM."""
    import structlog
    import uvicorn

    from gateway.access.admission import require_closed, say_who_may
    from gateway.rest.app import create_app
    from gateway.rest.body_limits import impatient
    from worker.starting import end_on_signal, wait_until_ready

    chosen = logging_settings()
    require_closed(chosen)
    end_on_signal()  # uvicorn stops in its own way meanwhile, then hands the signal on
    config = uvicorn.Config(
        wait_until_ready(lambda: create_app(chosen)),
        log_config=None,  # telemetry writes uvicorn's lines too
        access_log=False,  # addresses name patients
        server_header=False,
        proxy_headers=False,  # anybody can write X-Forwarded-…; BIOMED_BASE_URL says it instead
        http=impatient(chosen.body_seconds),
        limit_concurrency=chosen.max_connections,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with listener(chosen.host, chosen.port) as door, suppress(KeyboardInterrupt):
        say_who_may(chosen)
        structlog.get_logger().info("server.listening", address=door.getsockname()[:2])
        uvicorn.Server(config).run(sockets=[door])


def mllp() -> None:
    """Take HL7 v2 in over MLLP at BIOMED_MLLP_HOST and BIOMED_MLLP_PORT, until SIGTERM."""
    import asyncio

    from gateway.intake import Intake
    from gateway.mllp.server import serve as serving
    from gateway.open_database import Memory
    from worker.metrics.mllp import MllpMetrics
    from worker.metrics.port import answering
    from worker.queue import Doorbell
    from worker.starting import end_on_signal, wait_until_ready

    chosen = logging_settings()
    end_on_signal()
    memory = wait_until_ready(lambda: Memory.open(chosen))
    metrics = MllpMetrics()
    with (
        closing(memory),
        listener(chosen.mllp_host, chosen.mllp_port) as door,
        answering(chosen, metrics.registry),
        Doorbell(chosen) as doorbell,
    ):
        asyncio.run(serving(chosen, Intake(memory.inbox, doorbell), door, metrics))


def sweep(
    *, once: Annotated[bool, typer.Option("--once", help="look once instead of for ever")] = False
) -> None:
    """Ring for documents that nobody rang for, or in vain."""
    if once:
        typer.echo(f"{swept_once()} documents rung for")
        return
    from worker.entry_points import run_sweeper

    run_sweeper(settings())


def deliver(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="send what is due now instead of for ever")
    ] = False,
) -> None:
    """Send what was found to the FHIR server at BIOMED_DELIVER_URL."""
    if once:
        done = delivered_once()
        typer.echo(f"{done.delivered} delivered, {done.rescheduled} rescheduled, {done.dead} dead")
        return
    from worker.entry_points import run_deliverer

    run_deliverer(settings())


def health(
    *,
    within: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="how long ago the last sign may be")
    ] = HEALTHY_SECONDS,
) -> None:
    """Say whether the worker, sweeper or deliverer with this BIOMED_HEALTH_FILE is at work."""
    from worker.health import require_health

    file = settings().health_file
    if file is None:
        raise WrongSettings(reason="BIOMED_HEALTH_FILE names no file to look at")
    require_health(file, within)


def delivered_once() -> "Delivered":
    """Send everything that is due; return what came of it."""
    from threading import Event

    from gateway.open_database import opened
    from worker.deliverer import Deliverer
    from worker.fhir_server import FhirServer

    chosen = logging_settings()
    with FhirServer(chosen) as server, opened(chosen) as memory:
        return Deliverer(memory.outbox, server, chosen).deliver(Event())


def swept_once() -> int:
    """Ring for everything that is due; return how many documents that were."""
    from gateway.open_database import opened
    from worker.queue import Doorbell
    from worker.sweeper import Sweeper

    chosen = logging_settings()
    with opened(chosen) as memory, Doorbell(chosen) as doorbell:
        return Sweeper(memory.inbox, doorbell, chosen).sweep()


def listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a host and a port, an own one where the port is 0.

    Raises:
        CannotListen: another process has the port, or the host has no such address.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotListen(host=host, port=port, reason=reason) from None
