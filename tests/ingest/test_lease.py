"""One feeder at a time, across holders, and free again afterwards."""

from __future__ import annotations

from pathlib import Path

from ingest.lease import Lease


def test_only_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = Lease(tmp_path / "feeder.lock"), Lease(tmp_path / "feeder.lock")
    with first.hold() as granted:
        assert granted
        with second.hold() as also:
            assert not also
    with second.hold() as now:
        assert now
