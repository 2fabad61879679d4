"""Every address. Each app keeps its own list."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from common import health
from jobs import workers

urlpatterns = [
    path("", include("courses.urls")),
    path("", include("discussion.urls")),
    path("", include("authoring.urls")),
    path("", include("quizzes.urls")),
    path("", include("demos.urls")),
    path("", include("jobs.urls")),
    path("", include("accounts.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, {"workers": workers.alive}, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

handler400 = "common.views.bad_request"
handler403 = "common.views.permission_denied"
handler404 = "common.views.not_found"
handler429 = "common.views.too_many_requests"  # allauth asks for it
handler500 = "common.views.server_error"
