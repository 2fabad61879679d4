"""Objects for tests, real rows with plausible values."""

from __future__ import annotations

from typing import Any

import factory

from accounts.models import User
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, Membership
from courses.services.revisions import create_lesson, publish_revision

PASSWORD = "correct horse 42"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """`UserFactory(role="staff")`; signs in with `PASSWORD` unless given another."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = User.Role.STUDENT
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class CourseFactory(factory.django.DjangoModelFactory[Course]):
    """`CourseFactory(instructor=user, student=user)`: a public course with these people in it."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"course-{n}")
    title = factory.Sequence(lambda n: f"Course {n}")
    summary = "What it is about."
    is_public = True

    @factory.post_generation
    def instructor(self, create: bool, user: User | None, **_: Any) -> None:
        if user:
            MembershipFactory(course=self, user=user, role=Membership.Role.INSTRUCTOR)

    @factory.post_generation
    def student(self, create: bool, user: User | None, **_: Any) -> None:
        if user:
            MembershipFactory(course=self, user=user)


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    course = factory.SubFactory(CourseFactory)
    user = factory.SubFactory(UserFactory)


class LessonContentFactory(factory.Factory[LessonContent]):
    class Meta:
        model = LessonContent

    title = factory.Sequence(lambda n: f"Lesson {n}")
    summary = "What it says."
    body = "Some text.\n"


class LessonFactory(factory.django.DjangoModelFactory[Lesson]):
    """`LessonFactory(course=…, content__body=…)`: published, unless `published=False`."""

    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    slug = factory.Sequence(lambda n: f"lesson-{n}")
    order = factory.Sequence(lambda n: n)
    content = factory.SubFactory(LessonContentFactory)
    author = None

    @classmethod
    def _create(cls, model_class: type[Lesson], *args: Any, **kwargs: Any) -> Lesson:
        published = kwargs.pop("published", True)
        lesson = create_lesson(**kwargs)
        assert lesson.head
        return publish_revision(lesson=lesson, revision=lesson.head) if published else lesson
