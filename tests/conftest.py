"""What every test may use. The real PostgreSQL and Valkey run underneath (config/settings/test.py)."""

from __future__ import annotations

import pytest

from common import valkey


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Nothing of one test (event logs, allowances, hints) is seen by the next."""
    valkey.client().flushdb()
