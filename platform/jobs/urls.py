from django.urls import path

from jobs import api, upload_api, views

urlpatterns = [
    path("my/runs/", views.my_runs, name="my-runs"),
    path("my/runs/<uuid:job_id>/<slug:action>/", views.act_on_my_run, name="my-run-action"),
    path("staff/jobs/", views.staff_jobs, name="staff-jobs"),
    path("staff/jobs/<uuid:job_id>/<slug:action>/", views.act_on_any_run, name="staff-job-action"),
    path("api/jobs/", api.JobList.as_view(), name="api-jobs"),
    path("api/jobs/<uuid:job_id>/", api.JobDetail.as_view(), name="api-job"),
    path("api/jobs/<uuid:job_id>/events/", api.JobEvents.as_view(), name="api-job-events"),
    path("api/jobs/<uuid:job_id>/stop/", api.StopJob.as_view(), name="api-job-stop"),
    path("api/jobs/<uuid:job_id>/retry/", api.RetryJob.as_view(), name="api-job-retry"),
    path("api/jobs/<uuid:job_id>/continue/", api.ContinueJob.as_view(), name="api-job-continue"),
    path("api/jobs/<uuid:job_id>/share/", api.ShareJob.as_view(), name="api-job-share"),
    path("api/uploads/", upload_api.UploadList.as_view(), name="api-uploads"),
    path("api/uploads/<uuid:upload_id>/", upload_api.UploadDetail.as_view(), name="api-upload"),
]
