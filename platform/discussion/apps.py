from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "discussion"

    def ready(self) -> None:
        from courses import extensions
        from discussion.personal_data import register_personal_data
        from discussion.selectors.inbox import author_news, count_new_answers, new_answers

        extensions.register_panel(
            extensions.LessonPanel(name="discussion", title="Questions and answers", url_name="discussion")
        )
        extensions.register_work(new_answers)
        extensions.register_news(count_new_answers)
        extensions.register_author_news(author_news)
        register_personal_data()
