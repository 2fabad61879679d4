from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.personal_data import register
        from jobs import signals  # noqa: F401  (connects the receivers)
        from jobs.personal_data import runs_of
        from jobs.uploads import rows_of

        register("runs", runs_of)
        register("uploads", rows_of)
