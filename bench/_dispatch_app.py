"""The worker that bench/dispatch.py measures: ours, with an empty demo and a bare Celery task added."""

from __future__ import annotations

from typing import Any

import django
from pydantic import Field

from config.celery import app

django.setup()

from common.valkey import client  # noqa: E402
from mlcore import contracts, registry  # noqa: E402
from mlcore.contracts import Demo  # noqa: E402


class Nothing(Demo):
    slug, lesson, version = "nothing", "bench", "1"
    title, summary = "Nothing", "Answers at once."
    queue = "inference"
    deterministic = True

    class Params(contracts.Params):
        number: int = Field(0, ge=0, title="Number", description="Makes each request a new one.")

    def run(self, params: Any, report: Any) -> dict[str, Any]:
        return {"number": params.number}


registry.demos()["nothing"] = Nothing()


@app.task(name="bench.bare")
def bare(number: int) -> None:
    client().rpush(f"bench:{number}", number)
