#!/usr/bin/env python3
"""Real Neo4j and Elasticsearch servers for the tests, without containers.

    servers.py up [neo4j] [elastic] [elastic8]     start them, print their addresses
    servers.py down [NAME …] [--wipe]              stop them; --wipe forgets their data
    servers.py status

Made of the jars that Maven finds under the names in neo4j.xml and elastic.xml, run by a JDK
found through JAVA_HOME (or any JAVA_HOME_…), PATH or the usual folders. Loopback only, on
free ports. Everything lies in .servers/ of the checkout (MULU_SERVERS names another folder);
its file `env` holds the variables that tests/conftest.py reads and that whoever runs the
servers otherwise sets as well. Needs Linux (/proc) and nothing but the standard library.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("MULU_SERVERS", HERE.parent.parent / ".servers"))
PASSWORD = "mulu-test"  # of a server that nobody but this machine reaches
START, STOP = 120.0, 40.0
"""Seconds that a server may take."""


class Failed(Exception):
    """Said to the person who asked; nothing else is wrong with the program."""


@dataclass(frozen=True)
class Kind:
    """A server: which jars at which version, on which Java, known by which variable."""

    pom: str
    version: str
    java: tuple[int, int]
    variable: str


KINDS = {
    "neo4j": Kind("neo4j", "5.26.30", (17, 21), "MULU_TEST_NEO4J"),
    "elastic": Kind("elastic", "9.5.3", (21, 99), "MULU_TEST_ELASTIC"),
    "elastic8": Kind("elastic", "8.19.21", (17, 25), "MULU_TEST_ELASTIC8"),
}


# --- what a server needs -----------------------------------------------------------------------


def java_homes() -> Iterator[Path]:
    named = [value for name, value in os.environ.items() if name.startswith("JAVA_HOME")]
    if on_path := shutil.which("java"):
        named.append(str(Path(on_path).resolve().parent.parent))
    yield from (Path(home) for home in named)
    for folder in ("/usr/lib/jvm", "/opt/java", "/opt", "~/.sdkman/candidates/java", "~/.jdks"):
        yield from sorted(Path(folder).expanduser().glob("*"))


def java(oldest: int, newest: int) -> str:
    """A JDK between two major versions, the oldest that is found."""
    found: dict[int, Path] = {}
    for home in java_homes():
        release, compiler = home / "release", home / "bin" / "javac"
        if release.is_file() and compiler.exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and oldest <= int(version[1]) <= newest:
                found.setdefault(int(version[1]), home)
    if not found:
        raise Failed(f"no JDK from {oldest} to {newest}; install one, or set JAVA_HOME to it")
    return str(found[min(found)] / "bin" / "java")


def jars(kind: Kind) -> list[Path]:
    """The jars of a server, in Maven's own store; asked for once a version."""
    listed = FOLDER / f"{kind.pom}-{kind.version}.jars"
    if not listed.exists() or not all(map(os.path.exists, listed.read_text().split(":"))):
        if shutil.which("mvn") is None:
            raise Failed("Maven (mvn) is not installed; it finds the jars of the servers")
        FOLDER.mkdir(parents=True, exist_ok=True)
        goal = ["dependency:build-classpath", "-DincludeScope=runtime"]
        command = ["mvn", "-B", "-q", "-f", str(HERE / f"{kind.pom}.xml"), *goal]
        fresh = listed.with_suffix(".new")
        command += [f"-Dserver={kind.version}", f"-Dmdep.outputFile={fresh}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"mvn failed:\n{(done.stdout + done.stderr)[-3000:]}")
        fresh.replace(listed)
    return [Path(jar) for jar in listed.read_text().strip().split(":")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- one server --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server of some kind in a home folder. Restarted, it keeps its port and its data."""

    name: str
    home: Path
    heap: str = "1g"

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    @property
    def _state(self) -> Path:
        return self.home / "state.json"

    def _stored(self) -> dict[str, str | int]:
        return json.loads(self._state.read_text()) if self._state.exists() else {}

    @property
    def url(self) -> str:
        return str(self._stored().get("url", ""))

    @property
    def pid(self) -> int:
        """0 unless it runs. A pid is given out again: the time of its start tells it apart."""
        state = self._stored()
        pid = int(state.get("pid", 0))
        return pid if pid and _started(pid) == state["started"] else 0

    def start(self) -> None:
        """Begin; `wait` until it answers."""
        if self.pid:
            return
        state = self._stored()
        port = int(state.get("port", 0)) or free_port()
        self.home.mkdir(parents=True, exist_ok=True)
        neo4j = self.kind.pom == "neo4j"
        command = _neo4j(self, port) if neo4j else _elastic(self, port)
        with (self.home / "console.log").open("ab") as log:
            child = subprocess.Popen(
                command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        url = self._bolt(port) if neo4j else f"http://127.0.0.1:{port}"
        found = {"pid": child.pid, "started": _started(child.pid), "port": port, "url": url}
        self._state.write_text(json.dumps(found))

    def _bolt(self, port: int) -> str:
        at = f"neo4j:{PASSWORD}@127.0.0.1:{port}"
        return f"bolt+s://{at}?ca={self.certificate}" if self.encrypted else f"bolt://{at}"

    @property
    def certificate(self) -> Path:
        """Where it lies beside its `private.key`, Neo4j speaks nothing but TLS."""
        return self.home / "certificates" / "public.crt"

    @property
    def encrypted(self) -> bool:
        return self.certificate.exists()

    def wait(self, seconds: float = START) -> None:
        """Until it answers. Raises Failed with the end of its log."""
        end = time.monotonic() + seconds
        while self.pid and time.monotonic() < end:
            if self.answers():
                return
            time.sleep(0.2)
        self.stop()
        logs = [p for p in (self.home / "console.log", self.home / "logs/neo4j.log") if p.exists()]
        said = "".join(p.read_text(errors="replace")[-1500:] for p in logs)
        raise Failed(f"{self.name} did not come up:\n{said}")

    def answers(self) -> bool:
        port = int(self._stored()["port"])
        try:
            if self.kind.pom == "neo4j":
                with self._connected(port) as bolt:
                    bolt.settimeout(2)
                    bolt.sendall(bytes.fromhex("6060b017 00000505 00000404 00000000 00000000"))
                    return len(bolt.recv(4)) == 4
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(f"http://127.0.0.1:{port}/_cluster/health", timeout=2) as answer:
                return bool(json.load(answer)["status"] != "red")
        except (OSError, ValueError):
            return False

    def _connected(self, port: int) -> socket.socket:
        bolt = socket.create_connection(("127.0.0.1", port), 1)
        if not self.encrypted:
            return bolt
        trust = ssl.create_default_context(cafile=self.certificate)
        return trust.wrap_socket(bolt, server_hostname="127.0.0.1")

    def send(self, sign: signal.Signals) -> None:
        """A signal, if it runs: SIGKILL, SIGSTOP, SIGCONT are what the fault tests use."""
        if pid := self.pid:
            os.kill(pid, sign)

    def stop(self) -> None:
        """Politely; after a while by force."""
        self.send(signal.SIGCONT)
        for sign in (signal.SIGTERM, signal.SIGKILL):
            self.send(sign)
            end = time.monotonic() + STOP
            while self.pid and time.monotonic() < end:
                time.sleep(0.1)


def _started(pid: int) -> int:
    """The kernel's number for when a process began; 0 where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])


def _neo4j(server: Server, port: int) -> list[str]:
    """The command; a password is set before the first start."""
    home, first = server.home, not (server.home / "data").exists()
    for name in ("conf", "data", "logs", "plugins", "import", "run", "lib", "licenses"):
        (home / name).mkdir(exist_ok=True)
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.pagecache.size": "512m",
        "db.tx_log.rotation.retention_policy": "keep_none",
    }
    if server.encrypted:
        policy = {"enabled": "true", "base_directory": home / "certificates", "client_auth": "NONE"}
        settings |= {f"dbms.ssl.policy.bolt.{name}": str(value) for name, value in policy.items()}
        settings["server.bolt.tls_level"] = "REQUIRED"
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text(lines)
    opened = ("java.nio", "java.io", "sun.nio.ch")  # without them the page cache is slower
    base = [java(*server.kind.java), "-XX:+UseG1GC", f"-Xms{server.heap}", f"-Xmx{server.heap}"]
    base += [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opened]
    base += ["-cp", ":".join(map(str, jars(server.kind)))]
    if first:
        admin = [*base, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD]
        places = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
        subprocess.run(admin, env=os.environ | places, check=True, capture_output=True)
    entry = "org.neo4j.server.CommunityEntryPoint"
    return [*base, entry, f"--home-dir={home}", f"--config-dir={home / 'conf'}"]


def _elastic(server: Server, port: int) -> list[str]:
    """The command. Netty must lie in a module of its own, and there only."""
    home = server.home
    netty = home / "modules" / "transport-netty4"
    for folder in (netty, home / "config", home / "tmp"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    classpath = []
    for jar in jars(server.kind):
        if not jar.name.startswith(("transport-netty4", "netty-")):
            classpath.append(str(jar))
            continue
        shutil.copy(jar, netty)
        if jar.name.startswith("transport-netty4"):
            inside = "META-INF/es-plugins/transport-netty4/plugin-descriptor.properties"
            text = zipfile.ZipFile(jar).read(inside).decode()
            kept = [line for line in text.splitlines() if not line.startswith("modulename")]
            (netty / "plugin-descriptor.properties").write_text("\n".join(kept))
    settings = {
        "cluster.name": f"mulu-{server.name}",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": free_port(),
        "path.data": home / "data",
        "path.logs": home / "logs",
        # A nearly full disk of a developer is no reason to refuse the tests.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    lines = "".join(f"{name}: {value}\n" for name, value in settings.items())
    (home / "config" / "elasticsearch.yml").write_text(lines)
    logging = "appender.c.type=Console\nappender.c.name=c\nappender.c.layout.type=PatternLayout\n"
    logging += "appender.c.layout.pattern=%d %p %c{1.} %m%n\n"
    logging += "rootLogger.level=warn\nrootLogger.appenderRef.c.ref=c\n"
    (home / "config" / "log4j2.properties").write_text(logging)
    runtime = java(*server.kind.java)
    native = ["--enable-native-access=ALL-UNNAMED"] if server.kind.java[0] >= 21 else []
    return [
        runtime, f"-Xms{server.heap}", f"-Xmx{server.heap}", "-XX:+ExitOnOutOfMemoryError", *native,
        f"-Djava.io.tmpdir={home / 'tmp'}", f"-Des.nativelibs.path={home / 'tmp'}",
        "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",  # published nowhere
        "-Des.distribution.type=tar", "-Djna.nosys=true", "-Dlog4j.shutdownHookEnabled=false",
        "-Dlog4j2.disable.jmx=true", "--add-modules=jdk.incubator.vector",
        "-cp", ":".join(classpath), str(HERE / "Elastic.java"), str(home),
    ]  # fmt: skip


# --- several -----------------------------------------------------------------------------------


def server(name: str, heap: str = "1g") -> Server:
    """The server of this checkout."""
    return Server(name, FOLDER.resolve() / name, heap)


def write_env() -> str:
    """The variables of those that run, in the file that the tests read."""
    running = (server(name) for name in KINDS)
    text = "".join(f"{s.kind.variable}={s.url}\n" for s in running if s.pid)
    if FOLDER.exists():
        (FOLDER / "env").write_text(text)
    return text


def up(names: Sequence[str], heap: str) -> None:
    asked = [server(name, heap) for name in names]
    try:
        for one in asked:
            one.start()
        for one in asked:
            one.wait()
    finally:
        env = write_env()
    print(env, end="")


def down(names: Sequence[str], wipe: bool) -> None:
    for one in map(server, names):
        one.stop()
        if wipe:
            shutil.rmtree(one.home, ignore_errors=True)
    write_env()


def status(names: Sequence[str]) -> None:
    for one in map(server, names):
        state = "down" if not one.pid else "up" if one.answers() else "starting"
        print(f"{one.name:9} {state:9} {one.url if one.pid else ''}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("do", choices=["up", "down", "status"])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--heap", default="1g", help="memory of each Java heap")
    parser.add_argument("--wipe", action="store_true", help="with down: forget the data")
    asked = parser.parse_args()
    names = asked.names or (["neo4j", "elastic"] if asked.do == "up" else list(KINDS))
    if unknown := [name for name in names if name not in KINDS]:
        parser.error(f"no server is called {unknown[0]}; there are {', '.join(KINDS)}")
    try:
        if asked.do == "up":
            up(names, asked.heap)
        elif asked.do == "down":
            down(names, asked.wipe)
        else:
            status(names)
    except Failed as failure:
        print(f"servers.py: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
