"""What all answers to a lesson's quiz say about its questions, for those who teach it.

The questions are those of the published revision. Answers to an earlier version of a question count where it is still
the same question, as in a regrade (`keys.carry_over`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal
from uuid import UUID

from courses.models import Lesson, Membership, Revision
from quizzes.arrangement import Arrangement, arrange
from quizzes.distribution import Answered, Distribution, distribution
from quizzes.keys import carry_over
from quizzes.models import Attempt, DemoAnswer, Response
from quizzes.presentation import ShownQuestion, demo_address, show_question
from quizzes.questions import AnyQuestion, Choice, DemoQuestion, PollQuestion, Quiz, WrongAnswer, parts_of
from quizzes.quiz_files import EMPTY
from quizzes.selectors.taking import images_of, quiz_of
from quizzes.statistics import FEW, discrimination_index, item_rest_correlation, mean

Which = Literal["first", "all", "last"]
"""Of each person's attempts that are handed in."""


@dataclass(frozen=True)
class Misconception:
    words: str
    count: int
    see: str
    """The address of the demo that shows why it is one; empty where there is none."""


@dataclass(frozen=True)
class FirstAndLast:
    """How those who tried more than once did in their first attempt and in their last: mean shares."""

    people: int
    first: float
    last: float


@dataclass(frozen=True)
class QuestionAnalysis:
    number: int
    shown: ShownQuestion
    attempts: int
    """In which it was asked."""
    spread: Distribution
    difficulty: float | None
    """The mean share of the points; this and the next two are None where they cannot be told, as for a poll."""
    discrimination: float | None
    correlation: float | None
    seconds: float | None
    """The median, of those of whom it is known."""
    misconceptions: tuple[Misconception, ...]
    """Those met most first."""
    repeated: FirstAndLast | None
    is_waiting: bool
    """No demo has computed yet what is right now."""

    @property
    def is_few(self) -> bool:
        return self.attempts < FEW


@dataclass(frozen=True)
class Analysis:
    attempts: int
    people: int
    mean: float | None
    questions: tuple[QuestionAnalysis, ...]
    misconceptions: tuple[Misconception, ...]
    """Of all questions."""
    repeated: FirstAndLast | None

    @property
    def is_few(self) -> bool:
        return self.attempts < FEW


Owner = tuple[int | None, str]


@dataclass(frozen=True)
class Taken:
    """An attempt: what it did at each question of the published quiz that it was asked, by the question's id."""

    owner: Owner
    answers: Mapping[str, Answered]
    points: float
    most_points: float
    """Of these questions: an earlier version of the quiz may have asked fewer."""

    @property
    def share(self) -> float | None:
        return _part(self.points, self.most_points)

    def share_of_rest(self, question: AnyQuestion) -> float | None:
        """Of all the others."""
        got = self.answers[question.id].share * question.points
        return _part(self.points - got, self.most_points - question.points)


def _part(points: float, most: float) -> float | None:
    """Rounded, for what differs only in binary fractions is the same."""
    return round(points / most, 9) if most > 1e-9 else None


def analyse_quiz(lesson: Lesson, which: Which) -> Analysis:
    """Six queries, however many attempts there are. Guests count; the course's own instructors do not, for they know
    the key. The lesson is published."""
    assert lesson.published is not None
    quiz = quiz_of(lesson.published) or EMPTY
    there = set(DemoAnswer.objects.filter(revision__lesson=lesson).values_list("revision_id", "question"))
    everything = _attempts(lesson, quiz, there)
    by_owner: dict[Owner, list[Taken]] = defaultdict(list)
    for one in everything:
        by_owner[one.owner].append(one)
    chosen = {
        "first": [tries[0] for tries in by_owner.values()],
        "all": everything,
        "last": [tries[-1] for tries in by_owner.values()],
    }[which]
    again = [(tries[0], tries[-1]) for tries in by_owner.values() if len(tries) > 1]
    images = images_of(lesson)
    questions = tuple(
        _analysed(
            number,
            question,
            show_question(question, _as_written(question), images),
            [one for one in chosen if question.id in one.answers],
            [
                (first.answers[question.id].share, last.answers[question.id].share)
                for first, last in again
                if question.id in first.answers and question.id in last.answers
            ],
            is_waiting=isinstance(question, DemoQuestion) and (lesson.published_id, question.id) not in there,
        )
        for number, question in enumerate(quiz.questions, 1)
    )
    shares = [(first.share, last.share) for first, last in again]
    return Analysis(
        attempts=len(chosen),
        people=len(by_owner),
        mean=mean([share for one in chosen if (share := one.share) is not None]),
        questions=questions,
        misconceptions=_most_met(one for question in questions for one in question.misconceptions),
        repeated=_first_and_last([(first, last) for first, last in shares if first is not None and last is not None]),
    )


def _attempts(lesson: Lesson, quiz: Quiz, there: Collection[tuple[int, str]]) -> list[Taken]:
    """All that are handed in, in order. What no demo has answered (`there` says what has been, by revision) is not
    graded, so it counts as if it had not been asked."""
    instructors = Membership.objects.filter(course=lesson.course_id, role=Membership.Role.INSTRUCTOR).values("user")
    rows = Attempt.objects.filter(lesson=lesson, submitted__isnull=False).exclude(user__in=instructors)
    attempts = list(rows.order_by("number", "started").values_list("pk", "user_id", "guest", "revision_id", "key_id"))
    revisions = Revision.objects.defer("body").in_bulk({revision for _, _, _, revision, _ in attempts})
    places = {pk: _places(quiz_of(revision) or EMPTY, quiz) for pk, revision in revisions.items()}
    responses: dict[UUID, dict[str, Answered]] = defaultdict(dict)
    columns = ("attempt_id", "question", "answer", "share", "seconds", "misconceptions")
    for attempt, question, *rest in Response.objects.filter(attempt__lesson=lesson).values_list(*columns).iterator():
        answer, share, seconds, tags = rest
        responses[attempt][question] = Answered(answer, share, seconds, tuple(tags))
    points = {question.id: question.points for question in quiz.questions if not isinstance(question, PollQuestion)}
    of_demos = {question.id for question in quiz.questions if isinstance(question, DemoQuestion)}

    def graded(revision: int, key: int) -> dict[str, Sequence[int] | None]:
        return {
            question: where
            for question, where in places[revision].items()
            if question not in of_demos or (key, question) in there or (revision, question) in there
        }

    return [
        _taken((user, guest), responses[pk], graded(revision, key), points)
        for pk, user, guest, revision, key in attempts
    ]


def _taken(
    owner: Owner,
    responses: Mapping[str, Answered],
    places: Mapping[str, Sequence[int] | None],
    points: Mapping[str, float],
) -> Taken:
    answers = {question: _moved(responses.get(question, Answered(None)), where) for question, where in places.items()}
    return Taken(
        owner=owner,
        answers=answers,
        points=sum(one.share * points.get(question, 0) for question, one in answers.items()),
        most_points=sum(points.get(question, 0) for question in answers),
    )


def _places(seen: Quiz, now: Quiz) -> dict[str, Sequence[int] | None]:
    """The questions of an earlier quiz that are still the same, and where their parts are now; None: not moved."""
    found: dict[str, Sequence[int] | None] = {}
    for old in seen.questions:
        new = now.question(old.id)
        if old == new:
            found[old.id] = None
        elif new is not None and (carried := carry_over(old, new, _as_written(old))):
            found[old.id] = carried.order
    return found


def _moved(one: Answered, places: Sequence[int] | None) -> Answered:
    if not places:
        return one
    answer: Any = one.answer
    if isinstance(answer, list):
        answer = [None if place is None else places[place] for place in answer]
    elif isinstance(answer, int):
        answer = places[answer]
    return Answered(answer, one.share, one.seconds, one.misconceptions)


def _as_written(question: AnyQuestion) -> Arrangement:
    """The parts in the order of `quiz.yaml`, with some numbers."""
    return Arrangement(tuple(range(len(parts_of(question)))), arrange(question, "").numbers)


def _analysed(
    number: int,
    question: AnyQuestion,
    shown: ShownQuestion,
    asked: Sequence[Taken],
    again: Sequence[tuple[float, float]],
    *,
    is_waiting: bool,
) -> QuestionAnalysis:
    """`asked`: the attempts in which it was asked; `again`: shares in the first and in the last attempt."""
    answers = [one.answers[question.id] for one in asked]
    shares = [answered.share for answered in answers]
    seconds = [answered.seconds for answered in answers if answered.seconds > 0]
    is_graded = not isinstance(question, PollQuestion)
    see = _demos(question)
    met = Counter(tag for answered in answers for tag in answered.misconceptions)
    return QuestionAnalysis(
        number=number,
        shown=shown,
        attempts=len(answers),
        spread=distribution(question, shown, answers),
        difficulty=mean(shares) if is_graded else None,
        discrimination=discrimination_index(shares, [one.share or 0.0 for one in asked]) if is_graded else None,
        correlation=_correlation(question, asked) if is_graded else None,
        seconds=median(seconds) if seconds else None,
        misconceptions=tuple(
            Misconception(tag.replace("-", " "), count, demo_address(see.get(tag, "")))
            for tag, count in met.most_common()
        ),
        repeated=_first_and_last(again) if is_graded else None,
        is_waiting=is_waiting,
    )


def _correlation(question: AnyQuestion, asked: Sequence[Taken]) -> float | None:
    pairs = [
        (one.answers[question.id].share, rest) for one in asked if (rest := one.share_of_rest(question)) is not None
    ]
    return item_rest_correlation([share for share, _ in pairs], [rest for _, rest in pairs])


def _demos(question: AnyQuestion) -> dict[str, str]:
    """The demo that shows why a misconception is one, by the misconception."""
    misled: list[Choice | WrongAnswer] = [
        *(choice for choice in getattr(question, "choices", ()) if isinstance(choice, Choice)),
        *getattr(question, "wrong", ()),
    ]
    return {one.misconception: one.see for one in misled if one.misconception and one.see}


def _first_and_last(pairs: Sequence[tuple[float, float]]) -> FirstAndLast | None:
    first, last = mean([first for first, _ in pairs]), mean([last for _, last in pairs])
    return None if first is None or last is None else FirstAndLast(len(pairs), first, last)


def _most_met(all_of_them: Iterable[Misconception]) -> tuple[Misconception, ...]:
    counts: Counter[str] = Counter()
    see: dict[str, str] = {}
    for one in all_of_them:
        counts[one.words] += one.count
        see[one.words] = see.get(one.words) or one.see
    return tuple(Misconception(words, count, see[words]) for words, count in counts.most_common())
