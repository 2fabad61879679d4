"""The questions of a whole course in one list: found by words, type and tag, and copied into other lessons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.http import Http404

from accounts.models import User
from authoring.picture_names import rename_pictures
from authoring.services.copying import copy_pictures
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, Revision
from courses.models.course import BUILT_IN
from courses.selectors.access import taught_courses
from quizzes.checks import texts_of
from quizzes.forms import TITLES
from quizzes.questions import AnyQuestion, Quiz
from quizzes.quiz_files import EMPTY, read_quiz, write_quiz
from quizzes.selectors.writing import excerpt_of
from quizzes.services.writing import add_questions


@dataclass
class BankQuestion:
    """A question, and everywhere it stands: the same question in several lessons is one line."""

    question: AnyQuestion
    lesson: Lesson
    """Where it was found first."""
    lessons: list[Lesson] = field(default_factory=list)

    @property
    def title(self) -> str:
        return TITLES[self.question.type]

    @property
    def excerpt(self) -> str:
        return excerpt_of(self.question)


def course_bank(course: Course) -> list[BankQuestion]:
    """What the lessons of one's own course ask, as it was saved last. One query."""
    lessons = list(course.lessons.filter(removed_at=None).select_related("head"))
    return _bank((lesson, lesson.head) for lesson in lessons)


def built_in_bank() -> list[BankQuestion]:
    """What the course that comes with Unroll asks its readers. One query."""
    lessons = Lesson.objects.filter(course__slug=BUILT_IN, course__removed_at=None, removed_at=None)
    return _bank((lesson, lesson.published) for lesson in lessons.select_related("published"))


def _bank(lessons: Iterable[tuple[Lesson, Revision | None]]) -> list[BankQuestion]:
    found: dict[AnyQuestion | str, BankQuestion] = {}
    for lesson, revision in lessons:
        quiz = read_quiz(revision.quiz).quiz if revision else None
        for question in (quiz or EMPTY).questions:
            same = question.model_copy(update={"id": "same"}).model_dump_json()
            entry = found.setdefault(same, BankQuestion(question, lesson))
            if lesson not in entry.lessons:
                entry.lessons.append(lesson)
    return list(found.values())


def find_in_bank(bank: Sequence[BankQuestion], *, words: str, kind: str, tag: str) -> list[BankQuestion]:
    """Those of this type and tag in which each of the words stands."""
    wanted = words.casefold().split()
    return [
        entry
        for entry in bank
        if kind in ("", entry.question.type)
        and (not tag or tag in entry.question.tags)
        and all(word in _searched(entry.question) for word in wanted)
    ]


def _searched(question: AnyQuestion) -> str:
    return " ".join([question.id, *question.tags, *texts_of(question), *getattr(question, "accept", ())]).casefold()


def tags_of(bank: Iterable[BankQuestion]) -> list[str]:
    return sorted({tag for entry in bank for tag in entry.question.tags})


def lessons_taught(user: User) -> list[Lesson]:
    """Where somebody may put a question, by course and in order. One query."""
    lessons = Lesson.objects.filter(course__in=taught_courses(user), course__removed_at=None, removed_at=None)
    return list(lessons.select_related("course", "head").order_by("course__title", "course", "order", "slug"))


def question_in_bank(course: Course, *, built_in: bool, lesson: str, name: str) -> tuple[Lesson, AnyQuestion]:
    """A question of one's own course, or of the built-in one. Raises Http404."""
    if built_in:
        lessons = Lesson.objects.filter(course__slug=BUILT_IN, course__removed_at=None, removed_at=None)
    else:
        lessons = course.lessons.filter(removed_at=None)
    found = lessons.filter(slug=lesson).select_related("head", "published").first()
    revision = found and (found.published if built_in else found.head)
    question = (read_quiz(revision.quiz).quiz or EMPTY).question(name) if revision else None
    if found is None or question is None:
        raise Http404(f"no question {name} in {lesson}")
    return found, question


@transaction.atomic
def copy_question(*, question: AnyQuestion, origin: Lesson, lesson: Lesson, by: User) -> AnyQuestion:
    """Put the question at the end of a lesson, with the pictures that it names. It gets an id that is free there.

    Raises:
        InvalidParams: the lesson's questions cannot be read, or it has as many as it can have.
        EditConflict: somebody has just saved the lesson.
    """
    if origin.pk != lesson.pk:
        question = _with_pictures(question, origin, lesson, by)
    revision = add_questions(
        lesson=lesson, questions=[question], by=by, base=None, message=f"Question {question.id}: from the question bank"
    )
    return (read_quiz(revision.quiz).quiz or EMPTY).questions[-1]


def _with_pictures(question: AnyQuestion, origin: Lesson, lesson: Lesson, by: User) -> AnyQuestion:
    """The question with pictures that are in `lesson` now. One whose name means another picture there is renamed."""
    alone = LessonContent(title="", quiz=write_quiz(Quiz(questions=(question,))))
    names = copy_pictures(origin=origin, lesson=lesson, by=by, shown_in=alone)
    renamed = read_quiz(rename_pictures(alone, names).quiz).quiz
    return renamed.questions[0] if renamed else question
