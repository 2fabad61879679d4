"""How a lesson comes to say what it says: revisions are saved, and one of them is published."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from common.errors import Conflict, InvalidParams
from common.markdown import Problem, Rendered
from courses import extensions
from courses.blocks import render_lesson, source_of
from courses.conflicts import conflict_lines
from courses.extensions import LessonSource
from courses.lesson_files import LessonContent
from courses.models import Course, Lesson, Revision
from courses.services.search import index_lesson
from courses.signals import lesson_published


class EditConflict(Conflict):
    """Somebody else has saved in between; `head` is theirs."""

    code = "edit_conflict"

    def __init__(self, head: Revision) -> None:
        who = head.author.name if head.author else "Somebody"
        super().__init__(
            f"{who} has saved this lesson in the meantime. Nothing of yours is lost: compare, then decide."
        )
        self.head = head


class NotPublishable(InvalidParams):
    """The text has errors that students would see."""

    code = "not_publishable"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("This lesson cannot be published yet. Mend what is listed, then publish again.")
        self.problems = problems


@transaction.atomic
def create_lesson(
    *,
    course: Course,
    slug: str,
    order: int,
    content: LessonContent,
    author: User | None,
    message: str = "",
    **fields: object,
) -> Lesson:
    """A lesson with its first revision, which is a draft. `fields` are further columns of the lesson.

    Raises:
        IntegrityError: the course has a lesson of this slug.
    """
    lesson = Lesson.objects.create(course=course, slug=slug, order=order, **fields)
    _add_revision(lesson, content.storable(), author, message)
    return lesson


@transaction.atomic
def save_revision(
    *, lesson: Lesson, content: LessonContent, author: User | None, base: int | None, message: str = ""
) -> Revision:
    """Keep what was written as a new revision on top of revision number `base`; None: on top of whatever is there.
    What changes nothing makes no revision.

    Raises:
        EditConflict: the lesson has been saved since `base`. Nothing is changed.
    """
    content = content.storable()
    lesson_now = Lesson.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    head = lesson_now.head
    if head and LessonContent.of(head) == content:
        lesson.head = head
        return head
    if head and base is not None and head.number != base:
        raise EditConflict(head)
    revision = _add_revision(lesson_now, content, author, message)
    lesson.head = revision
    return revision


def _add_revision(lesson: Lesson, content: LessonContent, author: User | None, message: str) -> Revision:
    last = lesson.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision(
        lesson=lesson,
        number=last + 1,
        title=content.title,
        summary=content.summary,
        aims=list(content.aims),
        body=content.body,
        quiz=content.quiz,
        author=author,
        message=message,
    )
    blocks = render_lesson(source_of(lesson, revision)).blocks
    revision.blocks = [[block.name, block.arguments] for block in blocks]
    revision.save()
    lesson.head = revision
    lesson.save(update_fields=["head"])
    return revision


def problems_of(lesson: Lesson, revision: Revision) -> list[Problem]:
    """What keeps this revision from being published."""
    source = source_of(lesson, revision, for_author=True)
    return problems_in(source, render_lesson(source))


def problems_in(source: LessonSource, rendered: Rendered) -> list[Problem]:
    """The same of a text that has been rendered already, also one that is not saved."""
    problems = [*rendered.problems, *extensions.checked(source)]
    if not source.body.strip():
        problems.append(Problem(1, "The lesson has no text yet."))
    for line in conflict_lines(source.body):
        problems.append(Problem(line, "Two versions stand here. Keep one, and delete this line."))
    if conflict_lines(source.quiz):
        problems.append(Problem(1, "In the questions (quiz.yaml) two versions stand. Keep one of them."))
    return sorted(problems, key=lambda problem: problem.line)


@transaction.atomic
def publish_revision(*, lesson: Lesson, revision: Revision) -> Lesson:
    """Let students read this revision from now on.

    Raises:
        NotPublishable: with the list of what is wrong.
    """
    if problems := problems_of(lesson, revision):
        raise NotPublishable(problems)
    return show_revision(lesson=lesson, revision=revision)


def show_revision(*, lesson: Lesson, revision: Revision) -> Lesson:
    """The same, without asking whether it has errors: for the built-in course, whose files are checked elsewhere."""
    lesson.published = revision
    lesson.save(update_fields=["published"])
    index_lesson(lesson=lesson)
    published = partial(lesson_published.send_robust, sender=Lesson, lesson=lesson, revision=revision)
    transaction.on_commit(published, robust=True)
    return lesson


@transaction.atomic
def withdraw_lesson(*, lesson: Lesson) -> Lesson:
    """Students do not read this lesson any more; everything is kept."""
    lesson.published = None
    lesson.save(update_fields=["published"])
    return lesson


@transaction.atomic
def remove_lesson(*, lesson: Lesson) -> Lesson:
    """Put the lesson away. Its revisions, discussions and progress stay."""
    lesson.removed_at = timezone.now()
    lesson.save(update_fields=["removed_at"])
    return lesson


@transaction.atomic
def bring_back_lesson(*, lesson: Lesson) -> Lesson:
    lesson.removed_at = None
    lesson.save(update_fields=["removed_at"])
    return lesson
