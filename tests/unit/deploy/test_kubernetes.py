"""The Kubernetes manifests fit the API, and run what there is as nobody of importance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.main import get_command

from gateway.cli.main import app
from gateway.cli.process_commands import GRACE_SECONDS
from gateway.rest.addressing import WATCHED
from worker.settings import Settings

FOLDER = Path(__file__).parents[3] / "deploy" / "kubernetes"
VERSION = "1.33"


def objects() -> Iterator[dict[str, Any]]:
    """Yield all objects of the folder."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text("utf-8"))


ALL = list(objects())
PODS = {
    one["metadata"]["name"].removeprefix("biomed-ner-"): one["spec"]["template"]
    for one in ALL
    if "template" in one.get("spec", {})
}


def container(name: str) -> Any:
    [only] = PODS[name]["spec"]["containers"]
    return only


def test_the_manifests_fit_the_schemas_of_the_api() -> None:
    """Field by field, and without a field that the API does not know."""
    assert sorted(PODS) == ["migration", "mllp", "server", "sweeper", "worker"]
    for one in ALL:
        kubernetes_validate.validate(one, VERSION, strict=True)
    wrong = {**ALL[0], "dota": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


@pytest.mark.parametrize("name", sorted(PODS))
def test_a_pod_can_do_no_more_than_its_work(name: str) -> None:
    """Not root, nothing to write to but its volumes, no token of the cluster, bounded memory."""
    pod, one = PODS[name]["spec"], container(name)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["automountServiceAccountToken"] is False
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    written = {mount["mountPath"] for mount in one["volumeMounts"] if not mount.get("readOnly")}
    assert written == {"/tmp", "/data"}  # noqa: S108
    assert set(one["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in one["resources"]["limits"]


@pytest.mark.parametrize("name", sorted(PODS))
def test_a_pod_runs_a_command_with_settings_that_there_are(name: str) -> None:
    """And has its secrets by reference alone."""
    one = container(name)
    commands: Any = get_command(app)
    assert one["args"][0] in commands.commands
    [shared] = [found["data"] for found in ALL if found["kind"] == "ConfigMap"]
    named = {variable["name"] for variable in one["env"]} | set(shared)
    known = {f"BIOMED_{field.upper()}" for field in Settings.model_fields}
    assert named <= known
    secret = {variable["name"]: variable.get("valueFrom", {}) for variable in one["env"]}
    assert "secretKeyRef" in secret["BIOMED_DATABASE_URL"]
    assert "secretKeyRef" in secret["BIOMED_BROKER_URL"]
    assert [found for found in ALL if found["kind"] == "Secret"] == []


def test_the_server_knows_who_may_ask() -> None:
    """It listens for others, and would not start without: its keys come from a Secret."""
    one = container("server")
    told = {variable["name"]: variable.get("value") for variable in one["env"]}
    keys = Path(str(told["BIOMED_API_KEYS_FILE"]))
    [mount] = [each for each in one["volumeMounts"] if each["mountPath"] == str(keys.parent)]
    [volume] = [each for each in PODS["server"]["spec"]["volumes"] if each["name"] == mount["name"]]
    assert (mount["readOnly"], "secretName" in volume["secret"]) == (True, True)


def test_probes_ask_what_is_answered_and_pods_may_finish() -> None:
    """The server's readiness is its own; a worker has the time of its lists."""
    probes = container("server")
    assert probes["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert probes["livenessProbe"]["httpGet"]["path"] in WATCHED
    for name in ("worker", "sweeper"):
        assert container(name)["livenessProbe"]["exec"]["command"] == ["biomed-ner", "health"]
    grace = {
        name: pod["spec"].get("terminationGracePeriodSeconds", 0) for name, pod in PODS.items()
    }
    assert grace["worker"] > Settings().lease_seconds
    assert grace["server"] > GRACE_SECONDS


def test_only_named_namespaces_are_let_in() -> None:
    """Each port that is let in through is one that a container has."""
    ports = {port["name"] for name in PODS for port in container(name).get("ports", ())}
    policies = [one["spec"] for one in ALL if one["kind"] == "NetworkPolicy"]
    rules = [rule for policy in policies for rule in policy["ingress"]]
    assert all("namespaceSelector" in source for rule in rules for source in rule["from"])
    assert {port["port"] for rule in rules for port in rule["ports"]} == ports
    assert {"Ingress", "Egress"} == set(policies[0]["policyTypes"])
