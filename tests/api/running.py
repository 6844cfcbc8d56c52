"""A running `mulu serve`, asked over HTTP."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.api.command import started

CREATE = """mutation($id: ID!, $name: String!) {
    createDepartment(id: $id, input: {name: $name}, wait: true) { commit { number } } }"""
SEARCH = "query($q: String!) { search(query: $q) { complete hits { id } } }"


class Server:
    """A running `mulu serve`."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def get(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def ask(self, query: str, **variables: Any) -> Any:
        told = json.loads(
            self.get("/graphql", json.dumps({"query": query, "variables": variables}).encode())
        )
        assert not told.get("errors"), told
        return told["data"]

    def find(self, words: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask(SEARCH, q=words)["search"]
        return found

    def create(self, key: str, name: str) -> None:
        self.ask(CREATE, id=f"org:{key}", name=name)


@contextmanager
def serving(data: Path, *said: object, **settings: object) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    told = {name: str(value) for name, value in settings.items()}
    process = started("serve", "--port", port, *said, data=data, **told)
    server = Server(process, port)
    try:
        for _ in range(600):
            try:
                server.get("/readyz")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.communicate()[1]
                time.sleep(0.1)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
