"""The dashboard and the alerts speak of metrics that there are, and the alerts fire."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import promql_parser
import pytest
import yaml
from prometheus_client import CollectorRegistry, Metric

from models.db.inbox.load import InboxLoad
from models.db.outbox.load import OutboxLoad
from worker.metrics.background import DelivererMetrics, SweeperMetrics
from worker.metrics.database import DatabaseMetrics
from worker.metrics.labels import NAMES
from worker.metrics.mllp import MllpMetrics
from worker.metrics.reading import WorkerMetrics
from worker.metrics.server import ServerMetrics

DEPLOY = Path(__file__).parents[3] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana" / "biomed-ner.json").read_text("utf-8"))
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
RULES = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
LABELS = NAMES | {"le", "instance"}


class Nothing:
    """A database in which nothing waits."""

    def load(self) -> InboxLoad:
        return InboxLoad({}, 0, {})


class NothingOut:
    """An outbox that is empty."""

    def load(self) -> OutboxLoad:
        return OutboxLoad({}, 0)


def samples(family: Metric) -> set[str]:
    """Return the names under which a metric is stored."""
    return {f"{family.name}{suffix}" for suffix in SUFFIXES.get(family.type, ("",))}


def names_there_are() -> set[str]:
    """Return the names of everything that our processes tell."""
    kinds = (ServerMetrics, MllpMetrics, WorkerMetrics, SweeperMetrics, DelivererMetrics)
    processes = [kind() for kind in kinds]
    processes[2].watch_child(1)
    database = CollectorRegistry()
    database.register(DatabaseMetrics(Nothing(), NothingOut()))
    registries = [database, *(one.registry for one in processes)]
    return {name for one in registries for family in one.collect() for name in samples(family)}


def dashboard_queries() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


QUERIES = [*dashboard_queries(), *(rule["expr"] for rule in RULES)]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The names of all metrics."""
    return names_there_are()


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_promql_over_metrics_that_there_are(query: str, known: set[str]) -> None:
    """It parses, and names no metric and no label that nobody tells."""
    plain = query.replace("$__rate_interval", "5m")
    promql_parser.parse(plain)
    unquoted = re.sub(r'"[^"]*"', '""', plain)
    named = set(re.findall(r"\b(?:biomed|process)_[a-z0-9_]+", unquoted))
    assert named
    assert named <= known
    inside = re.findall(r"(?:by|on|group_left) \(([^)]*)\)|\{([^}]*)\}", unquoted)
    labels = {word for pair in inside for word in re.findall(r"[a-z_]+", "".join(pair))}
    assert labels <= LABELS


def test_the_dashboard_shows_every_metric_of_ours(known: set[str]) -> None:
    """But for those that two panels would tell twice."""
    shown = set(re.findall(r"biomed_[a-z0-9_]+", " ".join(QUERIES)))
    told = {re.sub("_(total|bucket|sum|count)$", "", name) for name in known if "biomed_" in name}
    silent = told - {re.sub("_(total|bucket|sum|count)$", "", name) for name in shown}
    assert {name for name in silent if "_process_" not in name} == {"biomed_batches"}


def test_panels_lie_beside_each_other() -> None:
    """Each has a number of its own and covers no other."""
    panels = DASHBOARD["panels"]
    places = {(one["gridPos"]["x"], one["gridPos"]["y"]) for one in panels}
    assert len(places) == len(panels) == len({one["id"] for one in panels})


def test_every_alert_has_its_tests() -> None:
    """One in which it fires, and one in which all is well and it does not."""
    tests = yaml.safe_load((ALERTS.parent / "alerts_test.yaml").read_text("utf-8"))["tests"]
    names = {rule["alert"] for rule in RULES}
    asked = [one for test in tests for one in test["alert_rule_test"]]
    fired = {one["alertname"] for one in asked if one["exp_alerts"]}
    silent = {one["alertname"] for one in asked if not one["exp_alerts"]}
    assert fired == silent == names


def test_the_alerts_fire() -> None:
    """Prometheus' own tool says so, over the series of the test file."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: the package prometheus)")
    ended = subprocess.run(  # noqa: S603  # the tool found on this machine
        [promtool, "test", "rules", "alerts_test.yaml"],
        cwd=ALERTS.parent,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
