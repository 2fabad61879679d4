"""How the questions of a lesson come to say what they say. Every change is a revision of the lesson, on top of the one
that its author looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import yaml
from pydantic import ValidationError

from accounts.models import User
from common.errors import InvalidParams, NotFound
from courses.lesson_files import LessonContent
from courses.models import Lesson, Revision
from courses.services.revisions import EditConflict, save_revision
from quizzes.exchange.report import free_id
from quizzes.questions import AnyQuestion, Quiz, Rules
from quizzes.quiz_files import read_quiz, words_of, write_quiz

_Loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class FaultyQuiz(InvalidParams):
    """The text of the questions has errors, so no form can change one of them."""

    code = "faulty_quiz"


def save_text(*, lesson: Lesson, text: str, by: User, base: int | None) -> Revision:
    """Keep quiz.yaml as somebody has written it, right or wrong.

    Raises:
        EditConflict: the lesson has been saved since `base`.
    """
    return _save_text(lesson, text, by, base, "Questions: text")


def save_question(*, lesson: Lesson, question: AnyQuestion, replaces: str, by: User, base: int | None) -> Revision:
    """Put the question in the place of the one called `replaces`; where that is empty, at the end.

    Raises:
        EditConflict: the lesson has been saved since `base`.
        InvalidParams: another question has its id, or the text of the questions is faulty.
        NotFound: there is no question to replace any more.
    """

    def change(questions: list[AnyQuestion]) -> None:
        if not replaces:
            questions.append(question)
            return
        questions[_place(questions, replaces)] = question

    return _change(lesson, change, by, base, f"Question {question.id}: {'changed' if replaces else 'new'}")


def add_questions(
    *, lesson: Lesson, questions: Sequence[AnyQuestion], by: User, base: int | None, message: str
) -> Revision:
    """Put questions at the end, each with an id that none before it has.

    Raises:
        EditConflict, InvalidParams: as above; nothing is changed.
    """

    def change(there: list[AnyQuestion]) -> None:
        for question in questions:
            taken = {one.id for one in there}
            there.append(question.model_copy(update={"id": free_id(question.id, taken)}))

    return _change(lesson, change, by, base, message)


def move_question(*, lesson: Lesson, name: str, steps: int, by: User, base: int | None) -> Revision:
    def change(questions: list[AnyQuestion]) -> None:
        place = _place(questions, name)
        questions.insert(max(place + steps, 0), questions.pop(place))

    return _change(lesson, change, by, base, f"Question {name}: moved")


def duplicate_question(*, lesson: Lesson, name: str, by: User, base: int | None) -> Revision:
    def change(questions: list[AnyQuestion]) -> None:
        place = _place(questions, name)
        new_id = free_id(name, {question.id for question in questions})
        questions.insert(place + 1, questions[place].model_copy(update={"id": new_id}))

    return _change(lesson, change, by, base, f"Question {name}: copied")


def delete_question(*, lesson: Lesson, name: str, by: User, base: int | None) -> Revision:
    def change(questions: list[AnyQuestion]) -> None:
        del questions[_place(questions, name)]

    return _change(lesson, change, by, base, f"Question {name}: deleted")


def save_rules(*, lesson: Lesson, title: str | None, rules: Rules, by: User, base: int | None) -> Revision:
    """How the quiz is taken; part of its file, so it holds once the lesson is published."""
    quiz = quiz_of_head(lesson)
    return _save(lesson, quiz.model_copy(update={"title": title, "rules": rules}), by, base, "Questions: rules")


def quiz_of_head(lesson: Lesson) -> Quiz:
    """The questions as they were saved last.

    Raises:
        FaultyQuiz: their text has errors.
    """
    assert lesson.head
    quiz = read_quiz(lesson.head.quiz).quiz
    if quiz is None:
        raise FaultyQuiz("The text of the questions has errors. Mend them there first; then the forms work again.")
    return quiz


def has_comments(text: str) -> bool:
    """Whether a YAML text has comments. They are lost where it is written anew."""
    if "#" not in text:
        return False
    end = 0
    try:
        for token in yaml.scan(text, Loader=_Loader):
            if "#" in text[end : token.start_mark.index]:
                return True
            end = max(end, token.end_mark.index)
    except (yaml.YAMLError, ValueError):
        return False  # no form can change such a text
    return "#" in text[end:]


def _place(questions: Sequence[AnyQuestion], name: str) -> int:
    for place, question in enumerate(questions):
        if question.id == name:
            return place
    raise NotFound(f"There is no question “{name}” any more. Somebody has deleted or renamed it.")


def _change(
    lesson: Lesson, change: Callable[[list[AnyQuestion]], None], by: User, base: int | None, message: str
) -> Revision:
    assert lesson.head
    if base is not None and base != lesson.head.number:
        # Before anything else is said of a question that somebody may have deleted meanwhile.
        raise EditConflict(lesson.head)
    quiz = quiz_of_head(lesson)
    questions = list(quiz.questions)
    change(questions)
    return _save(lesson, quiz.model_copy(update={"questions": tuple(questions)}), by, base, message)


def _save(lesson: Lesson, quiz: Quiz, by: User, base: int | None, message: str) -> Revision:
    assert lesson.head
    try:
        Quiz.model_validate(quiz.model_dump(by_alias=True))
    except ValidationError as error:
        raise InvalidParams(_words(error), fields=_fields(error)) from error
    text = write_quiz(quiz)
    if problems := read_quiz(text).problems:
        raise InvalidParams(f"This cannot be kept: {problems[0].message}")
    return _save_text(lesson, text, by, lesson.head.number if base is None else base, message)


def _save_text(lesson: Lesson, text: str, by: User, base: int | None, message: str) -> Revision:
    assert lesson.head
    content = replace(LessonContent.of(lesson.head), quiz=text)
    return save_revision(lesson=lesson, content=content, author=by, base=base, message=message[:200])


def _words(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "too_long":
        return "A quiz can have 200 questions. Put some of these into another lesson."
    return words_of(first)


def _fields(error: ValidationError) -> dict[str, list[str]]:
    """Two questions of one id are told at the field of the id."""
    said = [words_of(one) for one in error.errors() if not one["loc"]]
    return {"id": said} if said else {}
