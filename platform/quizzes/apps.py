from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from courses.extensions import register_check
        from quizzes import receivers  # noqa: F401  (connects them)
        from quizzes.checks import quiz_problems
        from quizzes.personal_data import register_personal_data

        register_check(quiz_problems)
        register_personal_data()
