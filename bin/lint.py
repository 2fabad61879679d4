"""Everything that `make lint` checks; all of it is run, and what failed is named at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# The type checker reads the settings, and needs no server for that.
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "only for reading the settings",
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere",
    "VALKEY_URL": "redis://127.0.0.1:1/0",
}
# This one compares with a database: the tests' settings start one and throw it away.
WITH_DATABASE = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": "", "VALKEY_URL": ""}

Check = tuple[str, list[str | Path], dict[str, str]]
CHECKS: list[Check] = [
    ("ruff", [BIN / "ruff", "check", "."], ENVIRONMENT),
    ("format", [BIN / "ruff", "format", "--check", "."], ENVIRONMENT),
    ("imports", [BIN / "lint-imports", "--no-cache"], ENVIRONMENT),
    ("types", [BIN / "mypy"], ENVIRONMENT),
    ("templates", [BIN / "djlint", "templates", "--lint", "--check", "--quiet"], ENVIRONMENT),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], WITH_DATABASE),
    ("javascript", ["npm", "run", "--silent", "--loglevel=error", "lint"], ENVIRONMENT),
    ("javascript types", ["npm", "run", "--silent", "--loglevel=error", "types"], ENVIRONMENT),
]


def main() -> None:
    failed = []
    for name, command, environment in CHECKS:
        print(f"— {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            failed.append(name)
    if failed:
        sys.exit(f"lint: failed: {', '.join(failed)}")
    print("lint: all is well")


if __name__ == "__main__":
    main()
