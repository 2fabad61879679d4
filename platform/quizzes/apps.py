from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from courses.extensions import register_block, register_check, register_progress, register_work
        from quizzes import receivers  # noqa: F401  (connects them)
        from quizzes.blocks import predict_block, printed_prediction, printed_quiz, quiz_block
        from quizzes.checks import quiz_problems
        from quizzes.personal_data import register_personal_data
        from quizzes.selectors.results import quiz_progress, quiz_work

        register_block("quiz", quiz_block, printed=printed_quiz)
        register_block("predict", predict_block, printed=printed_prediction)
        register_progress(quiz_progress())
        register_work(quiz_work)
        register_check(quiz_problems)
        register_personal_data()
