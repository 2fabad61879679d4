from django.urls import path

from demos import api, views

urlpatterns = [
    path("demos/<slug:slug>/", views.demo_page, name="demo"),
    path("runs/<slug:token>/", views.shared_run, name="shared-run"),
    path("api/demos/", api.DemoList.as_view(), name="api-demos"),
    path("api/demos/<slug:slug>/", api.DemoDetail.as_view(), name="api-demo"),
    path("api/demos/<slug:slug>/jobs/", api.DemoJobs.as_view(), name="api-demo-jobs"),
]
