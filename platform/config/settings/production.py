"""Settings behind a domain and TLS: choose them with DJANGO_SETTINGS_MODULE=config.settings.production.

Nothing is embedded here and nothing secret has a default: what is missing stops the start, all of it named at once.
"""

from config.environment import env
from config.processes import CannotStart

_needed = {
    "SECRET_KEY": "a long random text that stays the same",
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "VALKEY_URL": "redis://:password@host:6379/0",
    "PUBLIC_URL": "the address in people's browsers, https://…",
}
_missing = [name for name in _needed if not env(name, default="")]
if _missing:
    raise CannotStart(
        "\n".join(
            [
                "Unroll does not start in production mode without these settings:",
                *(f"  {name}: {_needed[name]}" for name in _missing),
                "Set them in the environment or in the file .env; .env.example explains them all.",
            ]
        )
    )

from config.settings.base import *  # noqa: E402, F403

DEBUG = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# TLS ends at the proxy in front, which sets this header for every request.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked by machines inside, without TLS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
