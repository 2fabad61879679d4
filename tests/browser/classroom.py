"""A course for tests in a browser, and the people who teach it."""

from __future__ import annotations

from uuid import uuid4

from tests.browser.visitor import PASSWORD, new_email
from tests.stack import Stack

MAKE_COURSE = """
from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Announcement, Course, GlossaryTerm, Lesson, Membership
from courses.services.revisions import create_lesson, publish_revision

course = Course.objects.create(slug={slug!r}, title="A course", summary="Words.", join_token={slug!r})
Announcement.objects.create(course=course, title="News", text="None *yet*.")
GlossaryTerm.objects.create(course=course, term="sign", definition="It stands for something.")
for name, email in {people!r}:
    user = User.objects.create_user(email, {password!r}, name=name, role="instructor")
    Membership.objects.create(course=course, user=user, role="instructor")
create_lesson(course=course, slug="words", order=1, content=LessonContent("Words"), author=None)
content = LessonContent("Signs", body="Some *text*.\\n")
lesson = create_lesson(course=course, slug="signs", order=2, content=content, author=None)
publish_revision(lesson=lesson, revision=lesson.head)
built_in = Lesson.objects.get(slug="word-vectors", course__slug="sequence-models")
Lesson.objects.filter(pk=lesson.pk).update(
    preview_token={slug!r}, origin=built_in, origin_revision=built_in.published
)
"""


class Classroom:
    """A course with an empty lesson and a published one, and two people who teach it."""

    def __init__(self, stack: Stack) -> None:
        self.slug = f"course-{uuid4().hex[:8]}"
        self.anna, self.bob = new_email("Anna"), new_email("Bob")
        people = [("Anna", self.anna), ("Bob", self.bob)]
        code = MAKE_COURSE.format(slug=self.slug, people=people, password=PASSWORD)
        stack.manage("shell", "--command", code)
        self.lesson = f"/courses/{self.slug}/words/"
        self.editor = f"/author/courses/{self.slug}/lessons/words/"
