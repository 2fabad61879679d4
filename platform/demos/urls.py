from django.urls import path

from demos import api, views

urlpatterns = [
    path("demos/<slug:slug>/", views.demo_page, name="demo"),
    path("demos/<slug:slug>/notebook/", views.demo_notebook, name="demo-notebook"),
    path("mlcore.zip", views.mlcore_library, name="mlcore"),
    path("runs/<slug:token>/", views.shared_run, name="shared-run"),
    path("api/demos/", api.DemoList.as_view(), name="api-demos"),
    path("api/demos/<slug:slug>/", api.DemoDetail.as_view(), name="api-demo"),
    path("api/demos/<slug:slug>/jobs/", api.DemoJobs.as_view(), name="api-demo-jobs"),
]
