"""What all tests share: where real input lies, and a word on what is skipped."""

from __future__ import annotations

import os
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
