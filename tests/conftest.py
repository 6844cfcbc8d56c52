"""What all tests share: where real input lies, and a word on what is skipped."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True)
if not os.environ.get("MULU_RANDOM"):  # by hand: MULU_RANDOM=1, to look where nobody has looked
    settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent


def shared_data_folder() -> Path:
    """Real input published by others: beside the checkout, or where MULU_SHARED_DATA says."""
    return Path(os.environ.get("MULU_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input; the test is skipped where it is absent."""
    folder = shared_data_folder()
    if not folder.is_dir():
        pytest.skip(f"real input is not here ({folder}); set MULU_SHARED_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of golden copies; `make golden` rewrites them (MULU_GOLDEN=write)."""
    return ROOT / "tests" / "golden"


def known_server(variable: str) -> str | None:
    """The address of a server that may run: from the environment, or from `make servers`."""
    written = Path(os.environ.get("MULU_SERVERS", ROOT / ".servers")) / "env"
    lines = written.read_text().splitlines() if written.exists() else []
    return (dict(line.split("=", 1) for line in lines) | os.environ).get(variable)


def server_url(name: str, variable: str) -> str:
    """The address of a server: from the environment, or from `make servers` in this checkout.
    Without one the test is skipped, or fails where MULU_REQUIRE names the server."""
    known = known_server(variable)
    reason = f"no {name} server here; `make servers` starts one, or set {variable} to its address"
    if known is not None:
        where = urlsplit(known)
        try:
            socket.create_connection((where.hostname or "", where.port or 0), 5).close()
            return known
        except OSError as error:
            reason = (
                f"{variable} names {where.hostname}:{where.port}, which does not answer: {error}"
            )
    if name in os.environ.get("MULU_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def neo4j_url() -> str:
    """Neo4j 5.26, one database."""
    return server_url("neo4j", "MULU_TEST_NEO4J")


@pytest.fixture
def neo4j_database(neo4j_url: str) -> Iterator[str]:
    """The database for one test alone, to be emptied by it (tests/servers/emptied.py):
    Community has no second one, so other workers wait."""
    lock = Path(tempfile.gettempdir()) / f"mulu-neo4j-{urlsplit(neo4j_url).port}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield neo4j_url


@pytest.fixture(scope="session")
def elastic_url() -> str:
    """Elasticsearch 9. Several workers use it at once: each test takes names of its own."""
    return server_url("elastic", "MULU_TEST_ELASTIC")


@pytest.fixture(scope="session")
def elastic8_url() -> str:
    """Elasticsearch 8.19, as above."""
    return server_url("elastic8", "MULU_TEST_ELASTIC8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-k golden` must find every test that compares with a golden copy; the longest tests go
    first, so that a run does not end with one of them beside an idle core."""
    for item in items:
        if "golden" in getattr(item, "fixturenames", ()):
            item.extra_keyword_matches.add("golden")
    items.sort(key=_patience, reverse=True)


def _patience(item: pytest.Item) -> float:
    """Seconds that a test asks for beyond what any test may take."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker and marker.args else 0.0


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the sample city, loaded once a test run. Read it; to write, copy it."""
    base = tmp_path_factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = root / "city"
    with (root / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits rather than load it twice
        if not (folder / "loaded").exists():
            command = [sys.executable, "-m", "api.cli", "demo", "--load-only", "--data"]
            done = subprocess.run(
                [*command, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=280
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "loaded").touch()
    return folder


@pytest.fixture
def city_copy(city: Path, tmp_path: Path) -> Path:
    """A copy of the sample city that a test may change."""
    return Path(shutil.copytree(city, tmp_path / "city"))
