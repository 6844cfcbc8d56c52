"""What all tests share: where real input lies, and a word on what is skipped."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-k golden` must find every test that compares with a golden copy."""
    for item in items:
        if "golden" in getattr(item, "fixturenames", ()):
            item.extra_keyword_matches.add("golden")


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
