from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401  (connects them)
        from courses.blocks import register_own_blocks
        from courses.extensions import register_check
        from courses.services.progress import register_own_kinds
        from courses.slips import slips_in

        register_own_blocks()
        register_check(slips_in)
        register_own_kinds()
        from courses.personal_data import register_personal_data

        register_personal_data()
