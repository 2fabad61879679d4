"""`manage.py up`: the whole of Unroll in one terminal, until Ctrl-C."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, NoReturn, cast
from urllib.error import URLError

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from config import embedded
from config.addresses import LOOPBACK, why_not_free
from config.processes import CannotStart
from config.servers import Server
from config.supervisor import Child, Supervisor

READY_LIMIT = 120  # seconds until the pages must answer
TRIES = 3  # how often the web process may die before its first answer
DISK_SECONDS = 60  # between two looks at the disk


class Stopped(BaseException):
    """Ctrl-C, or another wish that everything end."""


class Command(BaseCommand):
    help = "Starts everything: PostgreSQL and Valkey (unless their URLs are set), web, workers and beat."
    requires_system_checks = []  # migrate runs them

    def handle(self, *args: Any, **options: Any) -> None:
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, _raise_stopped)
        self._disk_due = 0.0
        # A class of five hundred holds a page and a socket each; the children inherit this.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        try:
            held = self._take_lock()
            problem = why_not_free(settings.HOST, settings.PORT)
            if problem:
                raise CannotStart(problem)
            held.announce(url=settings.PUBLIC_URL)
            self._prepare()
        except Stopped:
            return  # the servers, if they run already, end with this process
        supervisor = Supervisor(self._children(), self._environment(), self._say)
        try:
            supervisor.start()
            self._wait_until_ready(supervisor, held)
            self._watch(supervisor, held)
        except Stopped:
            pass
        finally:
            self._stop(supervisor, held)

    def _take_lock(self) -> embedded.Embedded:
        """Become the process that runs this data folder, or say who does."""
        held = embedded.holder(settings.DATA_DIR)
        if held:
            return held
        waited = False
        while not (held := embedded.Embedded.hold(settings.DATA_DIR)):
            url = embedded.read_runtime(settings.DATA_DIR).get("url")
            if url:
                raise CannotStart(f"Unroll is already running: {url}")
            if not waited:
                self._say("Waiting for another command of Unroll to end…")
            waited = True
            time.sleep(0.2)
        if waited:
            # The servers whose addresses these settings have were the other command's.
            held.stop()
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        return held

    def _prepare(self) -> None:
        self._say("Preparing the database…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("sync_course")
        self._has_staff = get_user_model().objects.filter(role="staff").exists()
        # The pool's threads would be forked into every child.
        cast(DatabaseWrapper, connections["default"]).close_pool()

    def _children(self) -> list[Child]:
        manage = str(settings.ROOT / "manage.py")
        celery = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--loglevel", "INFO"]
        celery += ["--without-gossip", "--without-mingle"]
        # fmt: off
        commands = {
            "web": [
                sys.executable, "-m", "uvicorn", "config.asgi:application", "--lifespan", "off", "--workers", "1",
                "--host", settings.HOST, "--port", str(settings.PORT), "--no-access-log", "--no-proxy-headers",
                # It names every socket's address, with the token of a share link.
                "--log-level", "warning",
                "--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "3",
            ],
            "inference": [
                *celery, "-Q", "inference", "-n", "inference-1@%h", "--concurrency", str(settings.INFERENCE_SLOTS),
            ],
            "training": [
                *celery, "-Q", "training", "-n", "training-1@%h", "--concurrency", str(settings.TRAINING_SLOTS),
            ],
            "beat": [sys.executable, manage, "beat"],
        }
        # fmt: on
        logs = settings.DATA_DIR / "logs"
        for folder in (logs, Path(settings.MEDIA_ROOT)):
            folder.mkdir(mode=0o700, exist_ok=True)
        return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]

    def _environment(self) -> dict[str, str]:
        paths = [str(settings.ROOT / "platform"), str(settings.ROOT)]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": settings.DATABASE_URL,
            "VALKEY_URL": settings.VALKEY_URL,
        }

    def _wait_until_ready(self, supervisor: Supervisor, held: embedded.Embedded) -> None:
        self._say("Starting the pages and the workers…")
        self._announce(supervisor, held)
        web = supervisor.children[0]
        deadline = time.monotonic() + READY_LIMIT
        while not _answers():
            if web.failures >= TRIES or time.monotonic() > deadline:
                raise CannotStart(f"The web process does not start. What it said: {web.log}")
            if supervisor.tick():
                self._announce(supervisor, held)
        self._say(f"\nUnroll is running: {settings.PUBLIC_URL}")
        if self._has_staff:
            self._say(f"  Sign in:  {settings.PUBLIC_URL}/accounts/login/")
        else:
            self._say("  Sign up on the page, or make the first staff account in another terminal:")
            self._say(f"  {_shown(sys.executable)} manage.py createstaff you@example.org")
        if settings.HOST not in LOOPBACK:
            self._say("  Everybody in this network can open it.")
        self._say("  Stop with Ctrl-C.\n")

    def _watch(self, supervisor: Supervisor, held: embedded.Embedded) -> NoReturn:
        while True:
            for server in held.servers:
                if not server.alive():
                    self._restart(server, held)
            if supervisor.tick():
                self._announce(supervisor, held)
            self._look_at_disk()

    def _restart(self, server: Server, held: embedded.Embedded) -> None:
        url = server.url
        self._say(f"{server.name} has ended; it starts again (log: {server.log})")
        server.start()
        if server.url != url:
            raise CannotStart(f"The port of {server.name} was taken by another program. Start Unroll again.")

    def _look_at_disk(self) -> None:
        if time.monotonic() < self._disk_due:
            return
        self._disk_due = time.monotonic() + DISK_SECONDS
        free = shutil.disk_usage(settings.DATA_DIR).free
        if free < embedded.ROOM_NEEDED:
            self._say(f"The disk of {settings.DATA_DIR} is nearly full: {free // 1_000_000} MB are free. Make room.")

    def _announce(self, supervisor: Supervisor, held: embedded.Embedded) -> None:
        held.announce(processes=supervisor.processes())

    def _stop(self, supervisor: Supervisor, held: embedded.Embedded) -> None:
        web, *others = supervisor.children
        try:
            self._say("\nStopping…")
            supervisor.stop([([web], 5), (others, 10)])  # first what takes new work, then what does it
        except Stopped:  # asked twice
            pass
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, signal.SIG_IGN)
        supervisor.kill()
        held.stop()
        self._say("Stopped.")

    def _say(self, line: str) -> None:
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:
            pass  # the terminal is gone; what runs goes on


def _answers() -> bool:
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::", "localhost") else settings.HOST  # noqa: S104
    request = urllib.request.Request(f"http://{host}:{settings.PORT}/healthz", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=2) as response:  # noqa: S310 - http, to ourselves
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _shown(path: str) -> str:
    """A path as one would type it here."""
    here = os.getcwd() + os.sep
    return path.removeprefix(here)


def _raise_stopped(*_: Any) -> NoReturn:
    raise Stopped
