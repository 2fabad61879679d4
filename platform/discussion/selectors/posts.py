"""What a reader sees of a lesson's discussion, and what they may do there.

* Who may read the lesson reads its discussion; who may take part in the course writes.
* A hidden post is there for its author and for whoever moderates: the course's instructors, and staff where the course
  is public. So the built-in course, which nobody teaches, is looked after too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.models import User
from courses.models import Course, Lesson
from courses.selectors.access import teaching
from courses.selectors.lessons import LessonInCourse, lesson_in_course
from discussion.models import Answer, Question, Report, Unseen
from discussion.rendering import render_post

POSTS_ON_A_PAGE = 20

Order = Literal["latest", "unanswered"]


@dataclass(frozen=True)
class Discussion:
    """A lesson's discussion and who looks at it."""

    place: LessonInCourse
    actor: Actor

    @property
    def lesson(self) -> Lesson:
        return self.place.lesson

    @property
    def course(self) -> Course:
        return self.place.course

    @property
    def user(self) -> User | None:
        return self.actor.user

    @property
    def may_write(self) -> bool:
        return self.user is not None and self.place.view.may_take_part

    @property
    def moderates(self) -> bool:
        return self.place.view.is_instructor or (self.actor.is_staff and self.course.is_public)

    @cached_property
    def instructors(self) -> frozenset[int]:
        return frozenset(teaching().filter(course=self.course).values_list("user_id", flat=True))


@dataclass(frozen=True)
class PostInView:
    """A question or an answer as the viewer sees it, with what they may do with it."""

    discussion: Discussion
    post: Question | Answer

    @property
    def html(self) -> SafeString:
        return render_post(self.post.text, prefix=self.post.anchor)

    def __post_init__(self) -> None:
        self.post.in_question.lesson = self.discussion.lesson  # it is known, and its address is made of it

    @property
    def url(self) -> str:
        """The post's own address."""
        return self.post.get_absolute_url()

    @property
    def author_name(self) -> str:
        return self.post.author.name if self.post.author else "Somebody who has left"

    @property
    def badge(self) -> str:
        """What the author is in this course: a class name and, with a capital, a word."""
        if self.post.author_id in self.discussion.instructors:
            return "instructor"
        return "staff" if self.post.author and self.post.author.is_staff else ""

    @property
    def is_mine(self) -> bool:
        return self.discussion.user is not None and self.post.author_id == self.discussion.user.pk

    @property
    def is_withdrawn(self) -> bool:
        return isinstance(self.post, Question) and self.post.withdrawn_at is not None

    @property
    def may_edit(self) -> bool:
        return self.is_mine and self.discussion.may_write and not self.post.hidden_at and not self.is_withdrawn

    @property
    def may_delete(self) -> bool:
        return self.is_mine and not self.is_withdrawn

    @property
    def may_report(self) -> bool:
        return (
            self.discussion.user is not None
            and not self.is_mine
            and not self.discussion.moderates
            and not self.post.hidden_at
            and not self.is_withdrawn
        )

    @property
    def may_hide(self) -> bool:
        return self.discussion.moderates and not self.post.hidden_at and not self.is_withdrawn

    @property
    def may_unhide(self) -> bool:
        return self.discussion.moderates and self.post.hidden_at is not None

    @property
    def may_answer(self) -> bool:
        return (
            isinstance(self.post, Question)
            and self.discussion.may_write
            and not self.post.hidden_at
            and not self.is_withdrawn
        )

    @property
    def may_accept(self) -> bool:
        """An answer: so may whoever asked, and whoever moderates."""
        if not isinstance(self.post, Answer) or self.discussion.user is None or self.post.hidden_at:
            return False
        return self.discussion.moderates or self.post.question.author_id == self.discussion.user.pk

    @property
    def open_reports(self) -> list[Report]:
        """For whoever moderates; empty for others."""
        return getattr(self.post, "open_reports", [])


@dataclass(frozen=True)
class QuestionInView:
    """A question's page."""

    question: PostInView
    answers: list[PostInView]
    page: Page[Answer]


def discussion_in_view(actor: Actor, course: str, lesson: str) -> Discussion:
    """Raises what `lesson_in_course` does."""
    return Discussion(place=lesson_in_course(actor, course, lesson), actor=actor)


def questions_of(discussion: Discussion, order: Order = "latest") -> QuerySet[Question]:
    """With `answer_count`, `is_settled` (one is accepted) and `is_new` (to the viewer)."""
    answers = Answer.objects.filter(question=OuterRef("pk"))
    unseen = Unseen.objects.filter(question=OuterRef("pk"), user=discussion.user)
    questions = (
        Question.objects.filter(_visible(discussion), lesson=discussion.lesson)
        .select_related("author")
        .annotate(
            answer_count=Count("answers", filter=_visible(discussion, "answers__")),
            is_settled=Exists(answers.filter(accepted_at__isnull=False)),
            is_new=Exists(unseen if discussion.user else unseen.none()),
        )
    )
    first = ["answer_count"] if order == "unanswered" else []
    return questions.order_by(*first, "-active_at", "-pk")


def question_in_view(discussion: Discussion, pk: int, *, post: str = "", page: str = "") -> QuestionInView:
    """A question with a page of its answers: that on which `post` (an anchor) stands, or number `page`.

    Raises Http404 where the viewer may not see it.
    """
    found = _with_reports(discussion, _visible_questions(discussion)).filter(pk=pk).first()
    if found is None:
        raise Http404(f"no question {pk}")
    answers = _with_reports(discussion, _visible_answers(discussion)).filter(question=found)
    paginator = Paginator(answers, POSTS_ON_A_PAGE)
    if post.startswith("answer-"):
        places = {f"answer-{number}": place for place, number in enumerate(answers.values_list("pk", flat=True))}
        page = str(places.get(post, 0) // POSTS_ON_A_PAGE + 1)
    shown = paginator.get_page(page)
    for answer in shown:
        answer.question = found
    return QuestionInView(
        question=PostInView(discussion, found), answers=[PostInView(discussion, answer) for answer in shown], page=shown
    )


def post_in_view(discussion: Discussion, kind: str, pk: int) -> PostInView:
    """Raises Http404 where the viewer may not see it."""
    posts: dict[str, QuerySet[Any]] = {
        "question": _visible_questions(discussion),
        "answer": _visible_answers(discussion).select_related("question"),
    }
    post: Question | Answer | None = posts[kind].filter(pk=pk).first() if kind in posts else None
    if post is None:
        raise Http404(f"no {kind} {pk}")
    return PostInView(discussion, post)


def _visible_questions(discussion: Discussion) -> QuerySet[Question]:
    return Question.objects.filter(_visible(discussion), lesson=discussion.lesson).select_related("author", "hidden_by")


def _visible_answers(discussion: Discussion) -> QuerySet[Answer]:
    return Answer.objects.filter(
        _visible(discussion), _visible(discussion, "question__"), question__lesson=discussion.lesson
    ).select_related("author", "hidden_by")


def _visible(discussion: Discussion, of: str = "") -> Q:
    """Which posts the viewer may see; `of` leads from the query's rows to the posts."""
    if discussion.moderates:
        return Q(**{f"{of}pk__isnull": False})
    shown = Q(**{f"{of}pk__isnull": False, f"{of}hidden_at": None})
    return shown | Q(**{f"{of}author": discussion.user}) if discussion.user else shown


def _with_reports(discussion: Discussion, posts: QuerySet[Any]) -> QuerySet[Any]:
    if not discussion.moderates:
        return posts
    waiting = Report.objects.filter(resolved_at=None).select_related("reporter")
    return posts.prefetch_related(Prefetch("reports", queryset=waiting, to_attr="open_reports"))
