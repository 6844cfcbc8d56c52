"""One feeder at a time, across holders, and free again afterwards."""

from __future__ import annotations

from pathlib import Path

from search.lease import FileLease


async def test_only_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = FileLease(tmp_path / "feeder.lock"), FileLease(tmp_path / "feeder.lock")
    async with first.hold() as granted:
        assert granted
        async with second.hold() as also:
            assert not also
    async with second.hold() as now:
        assert now
