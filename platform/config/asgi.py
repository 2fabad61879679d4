"""The web process: HTTP through Django, sockets through Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

from django.core.asgi import get_asgi_application

django_app = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from accounts.middleware import ActorSocketMiddleware  # noqa: E402
from common.body_limit import BodyLimitMiddleware  # noqa: E402
from common.origin import SameOriginSocketMiddleware  # noqa: E402
from common.routing import nowhere  # noqa: E402
from jobs.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": BodyLimitMiddleware(django_app),
        "websocket": SameOriginSocketMiddleware(
            AuthMiddlewareStack(ActorSocketMiddleware(URLRouter([*websocket_urlpatterns, *nowhere])))
        ),
    }
)
