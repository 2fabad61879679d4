"""What is new for whoever looks after a course, and for whoever asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from courses.extensions import AuthorNews, WorkItem
from courses.models import Course
from courses.selectors.access import taught_courses, teaching, visible_courses
from discussion.models import Answer, Muted, Question, Report, Unseen

Filter = Literal["new", "unanswered", "reported", "all"]
FILTERS: tuple[Filter, ...] = get_args(Filter)


def moderated_courses(user: User) -> QuerySet[Course]:
    """Those that the user teaches; for staff all public ones as well."""
    mine = Q(pk__in=taught_courses(user).values("pk"))
    return Course.objects.filter(mine | Q(is_public=True) if user.is_staff else mine)


def moderated_course(user: User, slug: str) -> Course:
    """Raises Http404 where the user does not look after this course."""
    course = moderated_courses(user).filter(slug=slug).first()
    if course is None:
        raise Http404(f"no course {slug}")
    return course


def caretakers(course: Course) -> QuerySet[User]:
    """Who is told of what is new: the course's instructors; staff, where a public course has none."""
    active = User.objects.filter(is_active=True)
    instructors = active.filter(pk__in=teaching().filter(course=course).values("user"))
    if not course.is_public or instructors.exists():
        return instructors
    return active.filter(role=User.Role.STAFF)


def inbox_of(user: User, course: Course, chosen: Filter) -> QuerySet[Question]:
    """The course's questions, latest first, with `is_new`, `is_settled`, `answer_count` and `is_reported`."""
    reports = Report.objects.filter(resolved_at=None)
    reported = reports.filter(Q(question=OuterRef("pk")) | Q(answer__question=OuterRef("pk")))
    questions = (
        Question.objects.filter(_readable(), lesson__course=course)
        .select_related("author", "lesson__published", "lesson__course")
        .defer("lesson__published__body", "lesson__search_text", "lesson__search_vector")
        .annotate(
            answer_count=Count("answers", filter=Q(answers__hidden_at=None)),
            is_settled=Exists(Answer.objects.filter(question=OuterRef("pk"), accepted_at__isnull=False)),
            is_new=Exists(Unseen.objects.filter(question=OuterRef("pk"), user=user)),
            is_reported=Exists(reported),
        )
    )
    narrowed: dict[Filter, Q] = {
        "new": Q(is_new=True),
        "unanswered": Q(answer_count=0, hidden_at=None, withdrawn_at=None),
        "reported": Q(is_reported=True),
        "all": Q(),
    }
    return questions.filter(narrowed[chosen]).order_by("-active_at", "-pk")


def wants_mail(user: User, course: Course) -> bool:
    return not Muted.objects.filter(user=user, course=course).exists()


def author_news(user: User) -> Iterable[AuthorNews]:
    """How many questions of each course the user has not seen since something happened there."""
    found = (
        Unseen.objects.filter(_readable("question__"), user=user)
        .filter(question__lesson__course__in=moderated_courses(user))
        .values(course=F("question__lesson__course"), slug=F("question__lesson__course__slug"))
        .annotate(count=Count("pk"))
    )
    for row in found:
        yield AuthorNews(row["course"], row["count"], reverse("author-questions", args=[row["slug"]]))


def new_answers(user: User) -> Iterable[WorkItem]:
    """Own questions in which something has happened that the user has not seen."""
    for unseen in _unseen_by_asker(user).select_related("question__lesson__course").order_by("-at"):
        question = unseen.question
        title = f"New answers to “{question}”"
        yield WorkItem(question.lesson.course, title, question.get_absolute_url(), due=None, done_at=None)


def count_new_answers(user: User) -> int:
    return _unseen_by_asker(user).count()


def _unseen_by_asker(user: User) -> QuerySet[Unseen]:
    courses = visible_courses(Actor(user=user, guest="", address=""))
    return Unseen.objects.filter(
        _readable("question__"), user=user, question__author=user, question__lesson__course__in=courses.values("pk")
    )


def _readable(of: str = "") -> Q:
    """Questions under lessons that can be read now."""
    there = {"lesson__published__isnull": False, "lesson__removed_at": None, "lesson__course__removed_at": None}
    return Q(**{f"{of}{name}": value for name, value in there.items()})
