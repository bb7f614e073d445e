"""A process without a door of its own tells its metrics at a port, if it is given one."""

import socket

import httpx
import pytest

from models.errors import MetricsCannotListen
from worker.metrics.background import SweeperMetrics
from worker.metrics.port import MetricsPort, answering
from worker.settings import Settings


def test_metrics_are_told_at_the_port_and_nothing_else() -> None:
    """On this machine alone, unless the setting says otherwise; another path is not found."""
    metrics = SweeperMetrics()
    metrics.swept(3)
    port = MetricsPort(Settings(metrics_port=0), metrics.registry)
    port.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{port.port}") as client:
        told = client.get("/metrics")
        assert told.headers["Content-Type"].startswith("text/plain")
        assert "biomed_documents_rung_again_total 3.0" in told.text
        assert client.get("/Quokkadon").status_code == 404
        assert "Quokkadon" not in client.get("/Quokkadon").text
        assert client.post("/metrics").status_code == 501
    port.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port.port}/metrics")


def test_without_the_setting_nothing_listens() -> None:
    """Several processes of one machine do not quarrel about a port that nobody asked for."""
    port = MetricsPort(Settings(), SweeperMetrics().registry)
    assert port.port is None
    with answering(Settings(), SweeperMetrics().registry):
        pass


def test_a_taken_port_is_one_clear_line() -> None:
    """It is named together with the setting to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        chosen = Settings(metrics_port=taken.getsockname()[1])
        with pytest.raises(MetricsCannotListen, match="BIOMED_METRICS_PORT"):
            MetricsPort(chosen, SweeperMetrics().registry)
