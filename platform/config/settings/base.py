"""Settings for a laptop or a classroom; production.py and test.py start from these.

Everything that differs between places comes from the environment; `.env.example` lists and explains it.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config import embedded
from config.addresses import browser_host
from config.environment import ROOT, env
from config.static_version import content_digest
from mlcore.contracts import MAX_FILE_BYTES

DATA_DIR = Path(env("DATA_DIR", default=str(ROOT / ".data"))).resolve()
SECRET_KEY = env("SECRET_KEY", default="") or embedded.secret_key(DATA_DIR)
DEBUG = env.bool("DEBUG", default=False)

HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env("PUBLIC_URL", default=f"http://{browser_host(HOST)}:{PORT}").rstrip("/")
_public_host = urlsplit(PUBLIC_URL).hostname or "localhost"
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), _public_host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

DATABASE_URL, VALKEY_URL = embedded.urls(DATA_DIR, env("DATABASE_URL", default=""), env("VALKEY_URL", default=""))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_htmx",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "common",
    "accounts",
    "jobs",
    "demos",
    "courses",
    "discussion",
    "authoring",
    "quizzes",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.middleware.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "common.middleware.PrivateCacheMiddleware",
    "accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

# No form and no request of the API needs more (bytes), but for those that send files.
MAX_BODY_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MAX_IMAGE_BYTES = 10_000_000
MAX_ARCHIVE_BYTES = 50_000_000
MAX_UPLOAD_BYTES = {
    r"^/author/courses/[\w-]+/lessons/[\w-]+/images/$": MAX_IMAGE_BYTES + 100_000,
    r"^/author/courses/[\w-]+/import/$": MAX_ARCHIVE_BYTES + 100_000,
}
# Guests send these too (bytes).
MAX_GUEST_UPLOAD_BYTES = {r"^/api/uploads/$": MAX_FILE_BYTES + 100_000}
MAX_JSON_BYTES = 64 * 1024

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_database = env.db_url_config(DATABASE_URL)
# Under ASGI a persistent connection would belong to a thread that is gone with its request; a pool does not.
_pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=16), "timeout": 10}
DATABASES = {
    # Options of the URL (`?sslmode=require`) stay.
    "default": {**_database, "CONN_MAX_AGE": 0, "OPTIONS": {**_database.get("OPTIONS", {}), "pool": _pool}}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [VALKEY_URL], "prefix": "unroll"},
    }
}

CELERY_BROKER_URL = VALKEY_URL
# How many Runs one worker of a queue computes at a time (processes; a warm one takes some hundred megabytes).
INFERENCE_SLOTS = env.int("INFERENCE_SLOTS", default=2)
TRAINING_SLOTS = env.int("TRAINING_SLOTS", default=1)

AUTH_USER_MODEL = "accounts.User"
# allauth's own backend is enough: with Django's beside it, every wrong password would be hashed twice.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-work"
PASSWORD_RESET_TIMEOUT = 24 * 3600

# How many proxies of our own stand before the web process; each adds the address it sees to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Without a mail server nothing is sent, addresses are not verified, and staff hand out one-time links for passwords.
EMAIL_URL = env("EMAIL_URL", default="")
HAS_MAIL = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Unroll <noreply@{_public_host}>")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Unroll: "
# Where mail can be sent, signing up tells nobody whether an address has an account: the mail does.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HAS_MAIL else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = HAS_MAIL
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = HAS_MAIL
ACCOUNT_EMAIL_NOTIFICATIONS = HAS_MAIL
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# A class of five hundred shares one address and signs up in the same minute; guessing is limited by account ("key").
# "login" counts every form, even an empty one, so that one student could use it up for the class.
ACCOUNT_RATE_LIMITS = {
    "signup": "600/m/ip",
    "login": "6000/m/ip",
    "login_failed": "300/m/ip,20/300s/key",
    "reset_password": "300/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Unroll"
# An address counts as verified only by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL

# allauth counts failed sign-ins here, so all web processes must share it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_PREFIX": "unroll:cache",
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_TZ = True

# Static files live under a prefix that names their content, so that browsers keep them for ever and relative imports
# between modules need no rewriting.
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    ROOT / "static",
    *((folder.parent.name, folder) for folder in sorted((ROOT / "lessons").glob("*/static"))),
]
# While one works on them (DEBUG) they are looked up anew each time instead.
_static_version = "" if DEBUG else content_digest(STATICFILES_DIRS, ROOT / "requirements.txt") + "/"
STATIC_URL = f"/static/{_static_version}"
STATIC_ROOT = env("STATIC_ROOT", default="") or None  # only for a server in front that serves these files itself
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = "." if _static_version else "(?!)"

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Plotly and KaTeX set style attributes; scripts stay strict.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.errors.api_exception_handler",
    # Who may see or do what is said by selectors and services, in one place for pages, API and sockets.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Unroll",
    "DESCRIPTION": (
        "Run the demos of the lessons and follow them live.\n\n"
        "Nobody needs an account for demos of the queue `inference`: a guest is known by a cookie. Whoever is signed "
        "in sends the session's cookie and, with every POST, the header `X-CSRFToken`.\n\n"
        'Every error has one shape: `{"error": {"code", "message", "fields"}}`.'
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/",
    "ENUM_NAME_OVERRIDES": {"QueueEnum": ["inference", "training"]},
}
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
# For Prometheus, which sends it as a bearer token; empty: only staff read /metrics.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# Every process writes to its standard error; whoever started it keeps that (config/supervisor.py, or the system).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
}

# Unexpected errors go to a Sentry of one's own where one is named, without anybody's name or address.
if SENTRY_DSN := env("SENTRY_DSN", default=""):
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)

# Leases: how long a worker holds a Run without renewing, how often it renews, how often the sweeper looks (seconds).
LEASE_SECONDS = 15
LEASE_RENEW_SECONDS = 5
SWEEP_SECONDS = 5
MAX_TRIES = 3

ALLOWANCES = {
    "window_minutes": 10,
    "guest_runs": env.int("GUEST_RUNS", default=120),
    "address_runs": env.int("ADDRESS_RUNS", default=6_000),
    "user_runs": env.int("USER_RUNS", default=1_200),
    "user_posts": env.int("USER_POSTS", default=20),
    "training_at_once": env.int("TRAINING_AT_ONCE", default=2),
    "training_seconds_a_day": env.int("TRAINING_SECONDS_A_DAY", default=1_200),
    "training_waiting": 10,
    "guest_uploads": 30,
    "address_uploads": 600,
    "user_uploads": 60,
    "stored_uploads": 50,
    "stored_upload_bytes": 50_000_000,
    "guests_upload_bytes": env.int("GUESTS_UPLOAD_BYTES", default=2_000_000_000),
}

# A Celery message only wakes a worker. It is acknowledged at once; leases bring back what is lost.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 240  # a child imports TensorFlow and builds a graph before its first Run
# TensorFlow keeps some megabytes of each training's graphs; a child that has grown this large (kilobytes) is replaced
# between two Runs.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 3_000_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_keepalive": True}
