"""Production mode: nothing secret has a default, and browsers are told to use https."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.stack import ROOT

SET = {
    "SECRET_KEY": "long and random",
    "DATABASE_URL": "postgres://a:b@127.0.0.1:1/c",
    "VALKEY_URL": "redis://127.0.0.1:1/0",
    "PUBLIC_URL": "https://unroll.example.org",
}


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in (*SET, "DATA_DIR")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={
            **bare,
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_that_is_missing_is_named_at_once_and_nothing_starts() -> None:
    refused = start("import config.asgi", SECRET_KEY=SET["SECRET_KEY"])
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert all(f"  {name}: " in refused.stderr for name in ("DATABASE_URL", "VALKEY_URL", "PUBLIC_URL"))
    assert "SECRET_KEY" not in refused.stderr


def test_cookies_and_pages_travel_by_https_only() -> None:
    code = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
page = Client().get("/healthz", headers={"host": "unroll.example.org"})
other = Client().get("/my/", headers={"host": "unroll.example.org"})
print(json.dumps([settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
                  page.status_code, other.status_code, other["Location"]]))
"""
    said = start(code, **SET)
    assert json.loads(said.stdout.splitlines()[-1]) == [False, True, True, 200, 301, "https://unroll.example.org/my/"]
