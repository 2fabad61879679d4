"""The environment that settings read: the process's own, and below it the file `.env` in the project's folder."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
env.read_env(env("ENV_FILE", default=str(ROOT / ".env")))
