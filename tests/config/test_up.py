"""`manage.py up` as a person meets it: started twice, killed, its port taken, its parts dying."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded
from tests.stack import ROOT, Stack, own_environment, still_there


@pytest.fixture
def own_stack(data_dir: Path) -> Iterator[Stack]:
    """A running Unroll that a test may mistreat."""
    own = Stack(data_dir)
    own.start()
    yield own
    if own.process and own.process.poll() is None:
        own.stop()
    own.output.unlink()


def up(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start it where it is expected to refuse."""
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**own_environment(data_dir), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_second_start_says_where_the_first_one_runs(stack: Stack) -> None:
    second = up(stack.data_dir, PORT="1")
    assert second.returncode == 1
    assert second.stderr == f"Unroll is already running: {stack.url}\n"
    assert stack.get("/healthz")


def test_taken_port_is_named_and_nothing_keeps_running(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = up(data_dir, PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run\n"
    )
    assert [process for process in psutil.process_iter() if _works_in(process, data_dir)] == []


def test_value_that_is_no_number_is_told_in_one_sentence(data_dir: Path) -> None:
    refused = up(data_dir, PORT="80x")
    assert (refused.returncode, refused.stderr) == (1, "PORT must be a whole number, not “80x”.\n")


def test_command_in_another_terminal_uses_the_same_servers(stack: Stack) -> None:
    code = "from django.conf import settings; print(settings.DATABASE_URL)"
    said = stack.manage("shell", "--no-imports", "-c", code)
    assert said.strip() == embedded.read_runtime(stack.data_dir)["servers"]["postgres"]


@pytest.mark.fault
@pytest.mark.parametrize("name", ["web", "beat", "training"])
def test_what_dies_is_started_again_and_leaves_no_orphan(stack: Stack, name: str) -> None:
    family = [psutil.Process(pid) for pid in stack.pids(name)]
    family[0].kill()
    stack.wait_for(lambda: stack.pids(name)[:1] not in ([], [family[0].pid]), f"{name} to be started again")
    assert still_there(family) == []
    stack.wait_for(stack.ready, "pages and workers")
    assert f"{name} was ended by SIGKILL; it starts again now" in stack.said()


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
def test_server_that_dies_is_started_again_and_everything_finds_it(stack: Stack, program: str) -> None:
    [server] = [child for child in psutil.Process(_pid(stack)).children() if child.name() == program]
    server.kill()
    stack.wait_for(lambda: _is_back(stack, program, server.pid), f"{program} to be started again")
    stack.wait_for(stack.ready, "pages and workers")


@pytest.mark.slow
@pytest.mark.fault
def test_killed_supervisor_leaves_no_process_and_the_next_start_loses_nothing(own_stack: Stack) -> None:
    url = embedded.read_runtime(own_stack.data_dir)["servers"]["postgres"]
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    family = psutil.Process(_pid(own_stack)).children(recursive=True)
    os.kill(_pid(own_stack), signal.SIGKILL)
    if sys.platform == "linux":
        assert still_there(family) == []
    own_stack.start()
    with psycopg.connect(embedded.read_runtime(own_stack.data_dir)["servers"]["postgres"]) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.slow
@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGHUP])
def test_each_way_to_end_it_ends_all_of_it(own_stack: Stack, sig: signal.Signals) -> None:
    assert own_stack.stop(sig) == 0  # which also looks for processes left
    assert own_stack.said().endswith("Stopped.\n")


def _pid(stack: Stack) -> int:
    assert stack.process
    return stack.process.pid


def _is_back(stack: Stack, program: str, before: int) -> bool:
    children = psutil.Process(_pid(stack)).children()
    return any(child.name() == program and child.pid != before for child in children)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return str(folder) in process.cwd() or any(str(folder) in part for part in process.cmdline())
    except psutil.Error:
        return False
