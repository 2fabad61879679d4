"""Questions whose answer a run of a demo gives: asked when a lesson is published, taken up when it is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from common.errors import Conflict
from courses.models import Lesson, Revision
from courses.services.revisions import NotPublishable, publish_revision
from jobs.models import Job, Run
from jobs.signals import pruning
from quizzes.models import Attempt, DemoAnswer
from quizzes.selectors.analysis import analyse_quiz
from quizzes.selectors.demo_answers import DemoRunError, demo_answer_states, read_value, values_in
from quizzes.selectors.gradebook import gradebook
from quizzes.selectors.taking import attempt_view
from quizzes.services.demo_answers import provide_demo_answers
from quizzes.services.grading import regrade
from quizzes.services.taking import check_answer, save_answer, start_attempt, submit_attempt
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of
from tests.jobs.conftest import demos, work
from tests.quizzes.test_taking import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demos")]
__all__ = ["demos"]  # a fixture


def quiz(params: str = "{number: 21}", read: str = "twice", slug: str = "doubling") -> str:
    return f"""
questions:
  - id: twice
    type: demo
    prompt: What is twice 21?
    demo: {{slug: {slug}, params: {params}, read: {read}}}
"""


def published(text: str, capture: Any, author: User | None = None) -> Lesson:
    with capture(execute=True):
        return LessonFactory(content__quiz=text, author=author)


@pytest.fixture
def ada() -> Actor:
    return actor_of(UserFactory())


def answered(actor: Actor, lesson: Lesson, words: str = "42") -> Attempt:
    attempt = start_attempt(actor=actor, lesson=lesson)
    save_answer(actor=actor, attempt=attempt, question="twice", raw=words, version=0, seconds=0)
    return attempt


def states(lesson: Lesson) -> list[str]:
    return [state.state for state in demo_answer_states(Revision.objects.get(pk=lesson.published_id))]


def test_publishing_asks_the_demo_in_the_authors_name_and_keeps_its_answer(
    ada: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    author = UserFactory(role=User.Role.INSTRUCTOR)
    lesson = published(quiz(), django_capture_on_commit_callbacks, author)
    job = Job.objects.select_related("run").get()
    assert (job.owner, job.run.params["number"]) == (author, 21)
    assert states(lesson) == ["waiting"]
    work()
    attempt = answered(ada, lesson)
    row = DemoAnswer.objects.get()
    assert (row.value, row.demo_version, row.run, row.revision_id) == (42, "v1", job.run_id, lesson.published_id)
    assert check_answer(actor=ada, attempt=attempt, question="twice").points == 1
    assert states(lesson) == ["ready"]
    assert Job.objects.count() == 1


def test_until_the_demo_has_answered_nothing_is_checked_and_grades_are_completed_afterwards(
    ada: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    lesson = published(quiz(), django_capture_on_commit_callbacks)
    attempt = answered(ada, lesson)
    with pytest.raises(Conflict, match="still computing"):
        check_answer(actor=ada, attempt=attempt, question="twice")
    done = submit_attempt(actor=ada, attempt=attempt)
    view = attempt_view(done)
    assert (done.points, view.waiting) == (0, True)
    assert [(one.ready, one.feedback) for one in view.questions] == [(False, None)]
    work()
    provide_demo_answers(revision=done.revision)
    done.refresh_from_db()
    view = attempt_view(done)
    assert (done.points, view.waiting, view.questions[0].ready) == (1, False, True)
    assert not done.changes.exists()


def test_no_student_finds_the_answer_among_their_runs(ada: Actor) -> None:
    """As in the built-in course, which is synced by nobody: the first who opens the quiz makes the demo run."""
    lesson = LessonFactory(content__quiz=quiz())
    answered(ada, lesson)
    job = Job.objects.get()
    assert (job.owner, job.guest) == (None, "quizzes")


def test_what_failed_is_told_to_the_author_and_asked_again_every_hour(
    ada: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    lesson = published(quiz("{trouble: refuse}"), django_capture_on_commit_callbacks)
    work()
    answered(ada, lesson)
    (state,) = demo_answer_states(Revision.objects.get(pk=lesson.published_id))
    assert (state.state, "That number is too dull." in state.message) == ("failed", True)
    assert Run.objects.count() == 1
    pruning.send(sender=None)
    assert Run.objects.count() == 2
    assert states(lesson) == ["waiting"]


def test_a_path_that_leads_nowhere_is_told_to_the_author(django_capture_on_commit_callbacks: Any) -> None:
    lesson = published(quiz(read="thrice.0"), django_capture_on_commit_callbacks)
    work()
    provide_demo_answers(revision=Revision.objects.get(pk=lesson.published_id))
    (state,) = demo_answer_states(Revision.objects.get(pk=lesson.published_id))
    assert state.state == "failed"
    assert state.message == "The run's result has no “thrice.0”: “thrice” is not there. There are twice."
    assert not DemoAnswer.objects.exists()


def test_the_page_of_the_questions_says_what_a_demo_still_owes(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    author = UserFactory(role=User.Role.INSTRUCTOR)
    with django_capture_on_commit_callbacks(execute=True):
        lesson = LessonFactory(course=CourseFactory(instructor=author), content__quiz=quiz(), author=author)
    client.force_login(author)
    address = reverse("author-quiz", args=[lesson.course.slug, lesson.slug])
    assert "The demo is being run." in client.get(address).content.decode()
    work()
    assert "is not graded yet" not in client.get(address).content.decode()
    publish(lesson, quiz(read="thrice"))
    assert "has no “thrice”" in client.get(address).content.decode()


def test_an_answer_nobody_looks_at_is_taken_up_within_the_hour(django_capture_on_commit_callbacks: Any) -> None:
    published(quiz(), django_capture_on_commit_callbacks)
    work()
    pruning.send(sender=None)
    assert DemoAnswer.objects.get().value == 42


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (quiz(slug="tripling"), "There is no demo “tripling”."),
        (quiz(slug="counting", params="{}"), "“counting” trains, or answers differently each time."),
        (quiz("{number: 5000}"), "does not take these params. number: This can be 1000 at most"),
        (quiz("{digit: 5}"), "does not take these params. digit: There is no setting of this name"),
    ],
)
def test_what_cannot_be_run_is_not_published(text: str, words: str) -> None:
    lesson = LessonFactory(content__quiz=text, published=False)
    assert lesson.head
    with pytest.raises(NotPublishable) as refused:
        publish_revision(lesson=lesson, revision=lesson.head)
    (problem,) = refused.value.problems
    assert problem.message.startswith("In the questions (quiz.yaml), question “twice”: ")
    assert words in problem.message


def test_a_regrade_waits_for_the_demo_and_takes_the_corrected_run(ada: Actor) -> None:
    lesson = LessonFactory(content__quiz=quiz())
    attempt = answered(ada, lesson, "44")
    work()
    assert submit_attempt(actor=ada, attempt=attempt).points == 0
    publish(lesson, quiz("{number: 22}"))
    with pytest.raises(Conflict, match="still computing"):
        regrade(lesson=lesson, by=None, reason="The wrong number.")
    provide_demo_answers(revision=Revision.objects.get(pk=lesson.published_id))
    work()
    provide_demo_answers(revision=Revision.objects.get(pk=lesson.published_id))
    (change,) = regrade(lesson=lesson, by=None, reason="The wrong number.")
    assert (change.before, change.after) == (0, 1)


def test_a_regrade_that_waits_for_nothing_says_which_question_to_correct(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    author = UserFactory(role=User.Role.INSTRUCTOR)
    with django_capture_on_commit_callbacks(execute=True):
        lesson = LessonFactory(
            course=CourseFactory(instructor=author), content__quiz=quiz(read="thrice"), author=author
        )
    client.force_login(author)
    address = reverse("author-regrade", args=[lesson.course.slug, lesson.slug])
    assert "is still computing" in client.get(address).content.decode()
    work()
    said = client.get(address).content.decode()
    assert "has no “thrice”" in said
    assert "is still computing" not in said
    publish(lesson, quiz())
    assert "Nobody has handed in an attempt yet." in client.get(address).content.decode()


def test_whoever_writes_the_question_sees_what_the_demo_gives_and_where_it_stands(client: Client) -> None:
    author = UserFactory(role=User.Role.INSTRUCTOR)
    lesson = LessonFactory(course=CourseFactory(instructor=author), content__quiz="", published=False)
    client.force_login(author)
    address = reverse("author-quiz-question-new", args=[lesson.course.slug, lesson.slug]) + "?type=demo"
    form = {"act": "preview", "prompt": "Twice?", "demo": "doubling", "params": "number: 21"}

    def preview(**more: str) -> str:
        return client.post(address, form | more).content.decode()

    assert "The demo is being run." in preview()
    assert "The demo is being run." in preview()
    assert Job.objects.get().owner == author
    work()
    assert "Say where the answer stands." in preview()
    assert '<option value="twice">42</option>' in preview()
    assert "Right is: 42" in preview(read="twice")
    assert "has no “thrice”" in preview(read="thrice")
    assert "does not take these params. number" in preview(params="number: -1")
    assert Job.objects.count() == 1


def test_the_values_of_a_result_are_read_where_they_are_said_to_stand() -> None:
    result = {"a": [{"b": "x"}, "y"], "c": 0, "d": {"e.f": 1, "": None}, "g": list(range(100)), "h": ""}
    found = dict(values_in(result))
    assert list(found) == ["a.0.b", "a.1", "c", "g.0", "g.1", "g.2"]
    assert all(read_value(result, path) == value for path, value in found.items())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.0.b", "x"),
        ("c", 0),
        ("d", False),
        ("a", None),
        ("a.1", None),
        ("a.0.b.c", None),
        ("a.-1", None),
        ("e", None),
    ],
)
def test_one_value_is_read_from_a_result(path: str, value: Any) -> None:
    result = {"a": [{"b": "x"}], "c": 0, "d": False, "e": None}
    if value is not None:
        assert read_value(result, path) == value
        return
    with pytest.raises(DemoRunError):
        read_value(result, path)


BOTH = "  - {id: word, type: text, prompt: Say it., accept: [cell]}\n"


def test_what_a_demo_could_not_compute_counts_for_nobody_until_it_is_there(
    ada: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    """On the quiz's page, in the results, in the gradebook and in the analysis."""
    author = UserFactory(role=User.Role.INSTRUCTOR)
    course = CourseFactory(instructor=author, student=ada.user, is_public=True)
    with django_capture_on_commit_callbacks(execute=True):
        lesson = LessonFactory(course=course, content__quiz=quiz("{trouble: refuse}") + BOTH, author=author)
    work()
    attempt = answered(ada, lesson)
    with pytest.raises(Conflict, match="could not compute"):
        check_answer(actor=ada, attempt=attempt, question="twice")
    save_answer(actor=ada, attempt=attempt, question="word", raw="cell", version=0, seconds=0)
    student, teacher = signed_in(ada.user), signed_in(author)
    address = reverse("quiz", args=[course.slug, lesson.slug])
    page = student.get(address).content.decode()
    assert "The demo could not compute the answer to this question." in page
    assert 'value="check:twice"' not in page
    done = submit_attempt(actor=ada, attempt=attempt)
    assert (done.points, done.most_points) == (1, 1)
    view = attempt_view(done)
    assert (view.waiting, view.failed) == (True, True)
    assert "A demo could not compute the answer" in student.get(f"{address}results/").content.decode()
    assert "one question does not count" in " ".join(student.get(address).content.decode().split())
    ((cell,),) = [row.cells for row in gradebook(course).rows]
    assert cell.share == 1
    assert "a demo has not answered" in teacher.get(reverse("author-grades", args=[course.slug])).content.decode()
    marked = teacher.get(reverse("author-attempt", args=[course.slug, done.pk])).content.decode()
    assert "This question does not count yet. The demo gave no answer: That number is too dull." in marked
    lesson.refresh_from_db()
    twice, word = (found := analyse_quiz(lesson, "all")).questions
    assert (found.mean, twice.difficulty, twice.attempts, twice.is_waiting) == (1, None, 0, True)
    assert (word.difficulty, word.is_waiting) == (1, False)
    analysis = teacher.get(reverse("author-quiz-analysis", args=[course.slug, lesson.slug])).content.decode()
    assert "No demo has said yet what is right here" in analysis


def test_what_a_demo_answers_later_counts_from_then_on(ada: Actor) -> None:
    lesson = LessonFactory(content__quiz=quiz() + BOTH)
    done = submit_attempt(actor=ada, attempt=answered(ada, lesson, "41"))
    assert (done.points, done.most_points) == (0, 1)
    work()
    provide_demo_answers(revision=done.revision)
    done.refresh_from_db()
    assert (done.points, done.most_points) == (0, 2)
    lesson.refresh_from_db()
    assert [(one.difficulty, one.attempts) for one in analyse_quiz(lesson, "all").questions] == [(0, 1), (0, 1)]
