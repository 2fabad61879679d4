"""The Celery application. Workers are started with `celery -A config.celery worker -Q <queue>`."""

import os
import sys
from pathlib import Path

import django
from celery import Celery
from celery.signals import import_modules

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [folder for folder in (str(ROOT / "platform"), str(ROOT)) if folder not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

# Celery's own care for Django throws the connection pool away with every task; jobs.tasks returns connections to it.
app = Celery("unroll", fixups=[])
app.set_default()  # also for the threads in which the web process answers requests
app.config_from_object("django.conf:settings", namespace="CELERY")


@import_modules.connect
def set_django_up(**_: object) -> None:
    """In a worker, before the tasks are imported."""
    django.setup()


app.autodiscover_tasks(["jobs"])
