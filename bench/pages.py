"""What a lesson's page costs: the server's time for it, its queries, and requests a second against Django saying hello.

    .venv/bin/python bench/pages.py --rounds 15

The time is taken in this process, through all middleware, warm: the median is aimed at 25 ms. Queries are counted in
the course as it comes and with thirty lessons more; there must be as many. Requests a second are those of one real
uvicorn over HTTP, with four connections kept open; rounds of the two are interleaved, and each round gives a ratio.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

PAGE = "/courses/sequence-models/word-vectors/"
HELLO = "/bench-hello/"
AIM_MS = 25
PAGES = 200
CONNECTIONS = 4
REQUESTS = 10
"""Of each connection in a round."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("sync_course", verbosity=0)
    readers = {"a guest": make_guest(), "a member": make_member()}
    for who, client in readers.items():
        time_page(who, client)
    with tempfile.TemporaryFile() as log:
        port = free_port()
        server = start_server(port, log)
        try:
            wait_until_ready(port)
            for who, client in readers.items():
                compare_rates(who, port, client, rounds)
        finally:
            server.terminate()
            server.wait(30)


def make_guest() -> Any:
    from django.test import Client

    return Client(headers={"host": "127.0.0.1"})


def make_member() -> Any:
    from accounts.models import User
    from courses.models import Course, Membership
    from courses.models.course import BUILT_IN

    member = User.objects.create_user("member@example.org", name="A member")
    Membership.objects.create(course=Course.objects.get(slug=BUILT_IN), user=member)
    client = make_guest()
    client.force_login(member)
    return client


def time_page(who: str, client: Any) -> None:
    before = queries_of(client)
    took = [timed(client) for _ in range(PAGES)]
    seconds = sorted(wall for wall, _ in took)
    after = queries_with_more_lessons(client, 30)
    median, p95 = statistics.median(seconds) * 1000, seconds[int(PAGES * 0.95)] * 1000
    computing = statistics.median(cpu for _, cpu in took) * 1000
    print(
        f"the page for {who}: median {median:.1f} ms, p95 {p95:.1f} ms of {PAGES}, "
        f"{computing:.1f} ms of them computing here: "
        f"{median / AIM_MS:.2f} of the {AIM_MS} ms that are aimed at; {before} queries, "
        f"{after} with 30 lessons more in the course"
    )
    if before != after:
        raise SystemExit("The number of queries grows with the course.")


def timed(client: Any) -> tuple[float, float]:
    """Seconds on the clock, and of this process's computing, which other programs do not disturb."""
    began, computed = time.perf_counter(), time.process_time()
    answer = client.get(PAGE)
    took = time.perf_counter() - began, time.process_time() - computed
    assert answer.status_code == 200, answer.status_code
    return took


def queries_of(client: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        timed(client)
    with CaptureQueriesContext(connection) as queries:
        timed(client)
    return len(queries)


def queries_with_more_lessons(client: Any, count: int) -> int:
    """What is measured next finds the course as it was."""
    from django.db import transaction

    with transaction.atomic():
        add_lessons(count)
        queries = queries_of(client)
        transaction.set_rollback(True)
    return queries


def add_lessons(count: int) -> None:
    from courses.lesson_files import LessonContent
    from courses.models import Course
    from courses.models.course import BUILT_IN
    from courses.services.revisions import create_lesson, publish_revision

    course = Course.objects.get(slug=BUILT_IN)
    begin = course.lessons.count()
    for number in range(begin, begin + count):
        content = LessonContent(title=f"Lesson {number}", body="Some text.\n")
        lesson = create_lesson(course=course, slug=f"lesson-{number}", order=number, content=content, author=None)
        assert lesson.head
        publish_revision(lesson=lesson, revision=lesson.head)


def free_port() -> int:
    from tests.stack import free_port

    return free_port()


def start_server(port: int, log: Any) -> subprocess.Popen[bytes]:
    from django.conf import settings

    env = {
        **os.environ,
        "DATABASE_URL": settings.DATABASE_URL,
        "VALKEY_URL": settings.VALKEY_URL,
        "DATA_DIR": str(settings.DATA_DIR),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
    }
    command = ["uvicorn", "bench._pages_app:application", "--lifespan", "off", "--port", str(port)]
    quiet = ["--no-access-log", "--no-proxy-headers", "--log-level", "warning"]
    return subprocess.Popen([sys.executable, "-m", *command, *quiet], env=env, cwd=ROOT, stdout=log, stderr=log)


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            ask(port, HELLO, {}, 1)
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit("The server did not start.") from error
            time.sleep(0.2)


def compare_rates(who: str, port: int, client: Any, rounds: int) -> None:
    cookie = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}
    headers = cookie if client.cookies else {}
    rate(port, PAGE, headers)  # fills the server's caches
    pages, hellos = [], []
    for _ in range(rounds):
        hellos.append(rate(port, HELLO, {}))
        pages.append(rate(port, PAGE, headers))
    ratios = sorted(hello / page for hello, page in zip(hellos, pages, strict=True))
    print(
        f"requests a second for {who}: the page {statistics.median(pages):.0f}, a bare hello "
        f"{statistics.median(hellos):.0f}; one page is worth {statistics.median(ratios):.1f} hellos "
        f"({ratios[0]:.1f} to {ratios[-1]:.1f})"
    )


def rate(port: int, path: str, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(lambda _: ask(port, path, headers, REQUESTS), range(CONNECTIONS)))
    return CONNECTIONS * REQUESTS / (time.perf_counter() - began)


def ask(port: int, path: str, headers: dict[str, str], count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(count):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
    connection.close()


if __name__ == "__main__":
    main()
