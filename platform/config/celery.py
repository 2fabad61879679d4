"""The Celery application. Workers are started with `celery -A config.celery worker -Q <queue>`."""

import os
import sys
from pathlib import Path

from celery import Celery

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [folder for folder in (str(ROOT / "platform"), str(ROOT)) if folder not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("unroll")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
