"""The portal in a real browser, over real servers: portal/e2e, run as one test.

Only where MULU_REQUIRE names `browser`: on a busy machine single journeys run out of time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.running import Server, serving

ROOT = Path(__file__).resolve().parents[2]
EXTRA = ROOT / "tests" / "ontology" / "extra.ttl"

LAMP = """mutation { createUrbanComponent(wait: true, input: {
    name: "人民路 12 号路灯", componentCode: "9901020100000001", componentClass: "公用设施",
    installedOn: "2024-05-01", inspectionDays: 30}) { commit { number } } }"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser, and with it all that the journeys need."""
    if "browser" not in os.environ.get("MULU_REQUIRE", "").split(","):
        pytest.skip("not yet steady on a busy machine: ask for it by MULU_REQUIRE=browser")
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
        pytest.fail("; ".join(missing))
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
def extended_server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("portal") / "extended"
    with serving(data, MULU_ONTOLOGY=EXTRA) as server:
        server.ask(LAMP)
        yield server


@pytest.mark.timeout(900)
def test_readers_pages_and_the_added_class(
    chromium: str, city_server: Server, extended_server: Server
) -> None:
    npm = shutil.which("npm", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    assert npm is not None
    done = subprocess.run(
        [npm, "run", "--silent", "e2e"],
        cwd=ROOT / "portal",
        env={
            **os.environ,
            "MULU_CHROMIUM": chromium,
            "MULU_PORTAL": f"http://127.0.0.1:{city_server.port}",
            "MULU_PORTAL_EXTENDED": f"http://127.0.0.1:{extended_server.port}",
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        timeout=850,
    )
    assert done.returncode == 0, done.stdout + done.stderr
