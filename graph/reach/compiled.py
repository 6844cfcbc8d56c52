"""The compiled walk on disk: made in a process of its own, forgotten when its code changes.

Compiling takes half a minute in which nothing else of the process would run, so a server
has it done beside itself (`python -m graph.reach.compiled`) and then reads what was made,
which takes a second. numba keeps it beside walk.py, and looks only at the time of that
file; the modules that are compiled into it count too.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
_NAMES = (
    "walk.py",
    "view.py",
    "layout.py",
    "rows.py",
    "../state.py",
    "../step.py",
    "../transition.py",
)
MADE_OF = tuple(HERE / name for name in _NAMES)
"""What the walk is compiled from."""


def forget_stale(folder: Path = HERE / "__pycache__", sources: Sequence[Path] = MADE_OF) -> None:
    """Take away what was compiled from other code. A folder that cannot be written belongs to
    an installation, whose code does not change."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = folder / "walk.made-of"
    with suppress(OSError):
        if stamp.exists() and stamp.read_text() == digest:
            return
        for old in folder.glob("walk.*.nb[ic]"):
            old.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        stamp.write_text(digest)


async def compile_beside() -> bool:
    """Compile in another process, unless it was done before; False without numba."""
    if find_spec("numba") is None:
        return False
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "graph.reach.compiled",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return await child.wait() == 0
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        raise


async def _compile() -> bool:
    from graph.memory.store import MemoryStore
    from graph.reach.index import ReachIndex
    from ontology.load import load_ontology

    ontology, store = load_ontology(), MemoryStore()
    await store.ensure(ontology)
    return (await ReachIndex.build(store, ontology)).warm()


if __name__ == "__main__":
    sys.exit(not asyncio.run(_compile()))
