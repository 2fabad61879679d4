"""The embedded servers, from outside: each test runs programs on a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config import embedded
from tests.stack import ROOT, own_environment, still_there

HOLD = """
import json, sys
from pathlib import Path
from config import embedded
print(json.dumps(embedded.urls(Path(sys.argv[1]), *sys.argv[2:] or ("", ""))), flush=True)
sys.stdin.read()
"""


class Holder:
    """A process that uses the servers of a data folder until it is told to end."""

    def __init__(self, data_dir: Path, *given: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_dir), *given],
            env={**own_environment(data_dir), "PYTHONPATH": str(ROOT / "platform")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        self.database_url, self.valkey_url = json.loads(line)

    def servers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def end(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def holding(data_dir: Path, *given: str) -> Iterator[Holder]:
    holder = Holder(data_dir, *given)
    try:
        yield holder
    finally:
        if holder.process.poll() is None:
            holder.end()


def write_something(holder: Holder) -> None:
    with psycopg.connect(holder.database_url) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(holder.valkey_url) as valkey:
        valkey.set("kept", "42")
        valkey.waitaof(1, 0, 5000)


def is_kept(holder: Holder) -> bool:
    with psycopg.connect(holder.database_url) as database:
        row = database.execute("SELECT answer FROM kept").fetchone()
    with redis.Redis.from_url(holder.valkey_url) as valkey:
        return row == (42,) and valkey.get("kept") == b"42"


def test_given_urls_are_used_and_nothing_starts(data_dir: Path) -> None:
    given = ("postgres://a@b/c", "redis://d")
    assert embedded.urls(data_dir, *given) == given
    assert list(data_dir.iterdir()) == []


def test_servers_end_with_their_process_and_keep_everything(data_dir: Path) -> None:
    with holding(data_dir) as first:
        servers = first.servers()
        assert sorted(server.name() for server in servers) == ["postgres", "valkey-server"]
        write_something(first)
    assert still_there(servers) == []
    with holding(data_dir) as second:
        assert (second.database_url, second.valkey_url) == (first.database_url, first.valkey_url)
        assert is_kept(second)


def test_killing_the_process_leaves_no_server_and_loses_nothing(data_dir: Path) -> None:
    with holding(data_dir) as first:
        servers = first.servers()
        write_something(first)
        first.kill()
    if sys.platform == "linux":
        assert still_there(servers) == []
    with holding(data_dir) as second:
        assert is_kept(second)


def test_killing_the_servers_themselves_loses_nothing(data_dir: Path) -> None:
    with holding(data_dir) as first:
        write_something(first)
        for server in first.servers():
            server.kill()
        first.kill()
    with holding(data_dir) as second:
        assert is_kept(second)


@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
def test_a_server_left_behind_is_ended_at_the_next_start(data_dir: Path, program: str) -> None:
    with holding(data_dir) as first:
        write_something(first)
        [left] = [server for server in first.servers() if server.name() == program]
        left.suspend()  # so that it cannot end with its parent
        first.kill()
    assert left.is_running()
    left.send_signal(signal.SIGCONT)
    with holding(data_dir) as second:
        assert still_there([left]) == []
        assert is_kept(second)


def test_a_stale_process_number_is_no_obstacle(data_dir: Path) -> None:
    with holding(data_dir) as first:
        write_something(first)
        database = Path(next(server.cwd() for server in first.servers() if server.name() == "postgres"))
    # As after a crash of the whole machine: the number has gone to another process, which is alive.
    (database / "postmaster.pid").write_text(f"{os.getpid()}\n{database}\n0\n1\n\n\n\n\n")
    (data_dir / "runtime.json").write_text(json.dumps({"pid": os.getpid(), "servers": {}}))
    with holding(data_dir) as second:
        assert is_kept(second)


def test_a_second_process_joins_and_ending_it_ends_nothing(data_dir: Path) -> None:
    with holding(data_dir) as first:
        with holding(data_dir) as second:
            assert (second.database_url, second.valkey_url) == (first.database_url, first.valkey_url)
            assert second.servers() == []
        write_something(first)


def test_starts_at_the_same_moment_share_one_pair_of_servers(data_dir: Path) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_dir)],
            env={**own_environment(data_dir), "PYTHONPATH": str(ROOT / "platform")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = {process.stdout.readline() for process in together if process.stdout}
    programs = [child.name() for process in together for child in psutil.Process(process.pid).children()]
    for process in together:
        process.communicate(timeout=30)
    assert len(said) == 1
    assert sorted(programs) == ["postgres", "valkey-server"]


def test_only_what_is_not_given_is_started(data_dir: Path) -> None:
    with holding(data_dir, "postgres://a@b/c", "") as holder:
        assert holder.database_url == "postgres://a@b/c"
        assert [server.name() for server in holder.servers()] == ["valkey-server"]


def test_a_taken_port_is_replaced_by_another(data_dir: Path) -> None:
    with holding(data_dir) as first:
        taken = psycopg.conninfo.conninfo_to_dict(first.database_url)["port"]
    with socket.create_server(("127.0.0.1", int(taken))), holding(data_dir) as second:
        assert psycopg.conninfo.conninfo_to_dict(second.database_url)["port"] != taken


def test_strangers_get_in_nowhere(data_dir: Path) -> None:
    with holding(data_dir) as holder:
        port = redis.connection.parse_url(holder.valkey_url)["port"]
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        wrong = holder.database_url.replace("postgres://unroll:", "postgres://unroll:x")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)
        listening = {address.laddr.ip for server in holder.servers() for address in server.net_connections()}
        assert listening <= {"127.0.0.1"}
        for path in data_dir.rglob("*.json"):
            assert path.stat().st_mode & 0o077 == 0


def test_data_far_down_and_below_a_closed_folder_work(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    deep = closed.joinpath(*["a-folder-with-a-long-name"] * 8, "data with spaces, 'quotes' and ü")
    with holding(deep) as holder:
        write_something(holder)
    assert closed.stat().st_mode & 0o777 == 0o700
    embedded.remove(deep)


def test_secret_key_stays_and_is_private(data_dir: Path) -> None:
    key = embedded.secret_key(data_dir)
    assert len(key) > 50
    assert embedded.secret_key(data_dir) == key
    assert (data_dir / "secret_key").stat().st_mode & 0o777 == 0o600
