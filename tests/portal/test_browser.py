"""The portal in a real browser, over real servers: portal/e2e, run as one test.

Skipped where there is no chromium; required where MULU_REQUIRE names `browser`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.command import mulu
from tests.api.running import Server, serving

ROOT = Path(__file__).resolve().parents[2]
EXTRA = ROOT / "tests" / "ontology" / "extra.ttl"

LAMP = """mutation { createUrbanComponent(wait: true, input: {
    name: "人民路 12 号路灯", componentCode: "9901020100000001", componentClass: "公用设施",
    installedOn: "2024-05-01", inspectionDays: 30}) { commit { number } } }"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser, and with it all that the journeys need."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [
        what
        for what, there in (
            ("no chromium on the path", found is not None),
            ("the portal is not built: make portal", (ROOT / "api/portal/index.html").exists()),
            ("no portal/node_modules: make portal", (ROOT / "portal/node_modules").exists()),
        )
        if not there
    ]
    if missing:
        required = "browser" in os.environ.get("MULU_REQUIRE", "").split(",")
        (pytest.fail if required else pytest.skip)("; ".join(missing))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def city_server(
    chromium: str, city: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("portal") / "city"
    shutil.copytree(city, data)
    with serving(data) as server:
        yield server


@pytest.fixture(scope="module")
def extended_server(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    """A server with a class more, and the folder of its search, which a journey takes away."""
    data = tmp_path_factory.mktemp("portal") / "extended"
    with serving(data, MULU_ONTOLOGY=EXTRA) as server:
        server.ask(LAMP)
        yield server, data / "search"


@pytest.fixture(scope="module")
def closed_server(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """A server that asks for a token, and one that it takes."""
    folder = tmp_path_factory.mktemp("closed")
    made = mulu("token", "reader", "--file", folder / "tokens.toml")
    assert made.code == 0, made.err
    with serving(folder / "data", MULU_TOKENS=folder / "tokens.toml") as server:
        yield server, made.out.strip()


@pytest.mark.timeout(1500)
def test_readers_pages_and_the_added_class(
    chromium: str,
    city_server: Server,
    extended_server: tuple[Server, Path],
    closed_server: tuple[Server, str],
) -> None:
    extended, search = extended_server
    closed, token = closed_server
    npm = shutil.which("npm", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    assert npm is not None
    done = subprocess.run(
        [npm, "run", "--silent", "e2e"],
        cwd=ROOT / "portal",
        env={
            **os.environ,
            "MULU_CHROMIUM": chromium,
            "MULU_PORTAL": f"http://127.0.0.1:{city_server.port}",
            "MULU_PORTAL_EXTENDED": f"http://127.0.0.1:{extended.port}",
            "MULU_PORTAL_EXTENDED_SEARCH": str(search),
            "MULU_PORTAL_CLOSED": f"http://127.0.0.1:{closed.port}",
            "MULU_PORTAL_TOKEN": token,
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        timeout=1450,
    )
    assert done.returncode == 0, done.stdout + done.stderr
