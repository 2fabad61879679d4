"""The environment that settings read: the process's own, and below it the file `.env` in the project's folder."""

import os
from pathlib import Path
from typing import Any

import environ

from config.processes import CannotStart

ROOT = Path(__file__).resolve().parents[2]


class Environment(environ.Env):
    """Says in words which value is wrong, instead of a traceback through all of Django."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> int:
        try:
            return super().int(var, default)
        except ValueError:
            raise CannotStart(f"{var} must be a whole number, not “{os.environ[var]}”.") from None


env = Environment()
env.read_env(env("ENV_FILE", default=str(ROOT / ".env")))
