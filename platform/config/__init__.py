# The web process sends tasks too: whoever loads Django loads the Celery application they go to.
from config.celery import app as celery_app

__all__ = ["celery_app"]
