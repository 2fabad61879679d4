"""The questions of a quiz as they are written in `quiz.yaml`. Nothing here knows a page, a person or a database.

Texts are Markdown with $math$. Where a question has `variables`, `{{ name }}` in its texts is a number that is drawn
for each attempt, and a numeric answer may be a formula of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    field_validator,
    model_validator,
)

from quizzes.formulas import Formula, Variables, check_formula, check_variables
from quizzes.patterns import check_pattern

MOST_CHOICES = 20
NO_WHY = "No explanation yet."
"""Stands where an imported file explains nothing: a choice without an explanation is refused, and an invented one
misleads. It is for authors; students are told nothing."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
See = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(/[a-z0-9_-]+)?$", max_length=120)]
"""A demo, or a preset of it: `explorer/capitals`."""


class Written(BaseModel):
    """Unknown fields are refused: a mistyped one would otherwise be lost without a word. So are numbers without an end,
    which YAML knows: within an endless tolerance every answer is right."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Misled(Written):
    """What is said to whoever gave a certain answer, and the misconception that it shows."""

    why: Text = Field(description="Why this is right, or wrong.")
    misconception: Name | None = None
    see: See | None = Field(default=None, description="The demo that shows why.")


class Choice(Misled):
    text: Text
    correct: bool = False
    image: Short | None = None


class PollChoice(Written):
    text: Text
    image: Short | None = None


class Pair(Written):
    left: Text
    right: Text
    why: Text | None = None


def _check_differ(choices: Iterable[Choice | PollChoice]) -> None:
    _check_once([(choice.text, choice.image) for choice in choices], "Two choices are the same.")


def _check_once(parts: Sequence[object], words: str) -> None:
    if len(set(parts)) < len(parts):
        raise ValueError(words)


class WrongAnswer(Misled):
    """An answer that people give, and what it shows."""

    answer: Formula | str


class Question(Written):
    id: Name
    prompt: Text
    image: Short | None = None
    hint: Text | None = None
    why: Text | None = Field(default=None, description="Said about the whole question, once it is answered.")
    points: Annotated[float, Field(gt=0, le=100)] = 1.0
    tags: tuple[Name, ...] = ()
    variables: Variables = Field(default_factory=dict)

    @field_validator("variables")
    @classmethod
    def _variables_can_be_drawn(cls, variables: Variables) -> Variables:
        check_variables(variables)
        return variables


class SingleQuestion(Question):
    type: Literal["single"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=MOST_CHOICES)]
    shuffle: bool = True

    @model_validator(mode="after")
    def _one_is_right(self) -> SingleQuestion:
        if sum(choice.correct for choice in self.choices) != 1:
            raise ValueError("Exactly one choice must be marked “correct: true”.")
        _check_differ(self.choices)
        return self


class MultipleQuestion(Question):
    type: Literal["multiple"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=MOST_CHOICES)]
    shuffle: bool = True

    @model_validator(mode="after")
    def _some_is_right(self) -> MultipleQuestion:
        if not any(choice.correct for choice in self.choices):
            raise ValueError("At least one choice must be marked “correct: true”.")
        _check_differ(self.choices)
        return self


class NumericQuestion(Question):
    type: Literal["numeric"]
    answer: Formula = Field(description="A number, or a formula of the variables.")
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    relative: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.0, description="Tolerance as a share of the answer."
    )
    unit: Short | None = None
    units: dict[Short, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict, description="Other units that are taken: one of them is so many of `unit`."
    )
    wrong: Annotated[tuple[WrongAnswer, ...], Field(max_length=MOST_CHOICES)] = ()

    @model_validator(mode="after")
    def _formulas_can_be_computed(self) -> NumericQuestion:
        check_formula(self.answer, self.variables)
        for wrong in self.wrong:
            check_formula(wrong.answer, self.variables)
        if self.units and not self.unit:
            raise ValueError("“units” are said in terms of “unit”, which is missing.")
        return self


class TextQuestion(Question):
    type: Literal["text"]
    accept: tuple[Short, ...] = ()
    pattern: Short | None = Field(default=None, description="A regular expression for the whole answer.")
    case: bool = Field(default=False, description="Whether capitals matter.")
    accents: bool = Field(default=False, description="Whether é differs from e.")
    wrong: Annotated[tuple[WrongAnswer, ...], Field(max_length=MOST_CHOICES)] = ()

    @model_validator(mode="after")
    def _something_is_right(self) -> TextQuestion:
        if not self.accept and not self.pattern:
            raise ValueError("Say what is right: “accept” or “pattern”.")
        if self.pattern:
            check_pattern(self.pattern, case=self.case)
        return self


class SeenQuestion(Question):
    """One without choices that would name demos of their own."""

    see: See | None = Field(default=None, description="The demo that shows why, beside what is said about the answer.")


class OrderingQuestion(SeenQuestion):
    type: Literal["ordering"]
    items: Annotated[tuple[Text, ...], Field(min_length=2, max_length=MOST_CHOICES, description="In the right order.")]

    @model_validator(mode="after")
    def _items_differ(self) -> OrderingQuestion:
        _check_once(self.items, "Two parts are the same: nobody can tell which of them comes first.")
        return self


class MatchingQuestion(SeenQuestion):
    type: Literal["matching"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=MOST_CHOICES)]
    extra: tuple[Text, ...] = Field(default=(), description="Further right sides that belong to none.")

    @property
    def rights(self) -> list[str]:
        """Those of the pairs, then the extra ones."""
        return [*(pair.right for pair in self.pairs), *self.extra]

    @model_validator(mode="after")
    def _sides_differ(self) -> MatchingQuestion:
        _check_once([pair.left for pair in self.pairs], "Two left sides are the same.")
        if any(text in {pair.right for pair in self.pairs} for text in self.extra) or len(self.rights) > MOST_CHOICES:
            raise ValueError(
                f"An extra right side belongs to none of the pairs, and {MOST_CHOICES} sides are the most."
            )
        return self


class Blank(Written):
    accept: Annotated[tuple[Short, ...], Field(min_length=1)]
    case: bool = False
    accents: bool = False
    why: Text | None = None


GAP = re.compile(r"\[\[([a-z0-9_-]+)\]\]")


class BlanksQuestion(SeenQuestion):
    """`text` holds the blanks as `[[name]]`."""

    type: Literal["blanks"]
    text: Text
    blanks: Annotated[dict[Name, Blank], Field(min_length=1, max_length=MOST_CHOICES)]

    @model_validator(mode="after")
    def _each_stands_in_the_text_once(self) -> BlanksQuestion:
        for name in self.blanks:
            if self.text.count(f"[[{name}]]") != 1:
                raise ValueError(f"“[[{name}]]” must stand in the text exactly once.")
        for name in GAP.findall(self.text):
            if name not in self.blanks:
                raise ValueError(f"“[[{name}]]” stands in the text, but “blanks” does not say what is right there.")
        return self


class PollQuestion(Question):
    """Everybody's opinion counts; nobody's is right."""

    type: Literal["poll"]
    choices: Annotated[tuple[PollChoice, ...], Field(min_length=2, max_length=MOST_CHOICES)]

    @model_validator(mode="after")
    def _choices_differ(self) -> PollQuestion:
        _check_differ(self.choices)
        return self


class DemoRun(Written):
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
    params: dict[str, JsonValue] = Field(default_factory=dict)
    read: Short = Field(description="Where the answer stands in the run's result: “neighbours.0.word”.")


class DemoQuestion(SeenQuestion):
    """The right answer is what a run of a demo gives. It is computed when the quiz is published."""

    type: Literal["demo"]
    demo: DemoRun
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    relative: Annotated[float, Field(ge=0, le=1)] = 0.0
    case: bool = False


AnyQuestion = Annotated[
    SingleQuestion
    | MultipleQuestion
    | NumericQuestion
    | TextQuestion
    | OrderingQuestion
    | MatchingQuestion
    | BlanksQuestion
    | PollQuestion
    | DemoQuestion,
    Field(discriminator="type"),
]


def parts_of(question: AnyQuestion) -> list[str]:
    """The texts that are chosen from, ordered or matched, in the order of `quiz.yaml`."""
    match question:
        case SingleQuestion() | MultipleQuestion() | PollQuestion():
            return [choice.text for choice in question.choices]
        case OrderingQuestion():
            return list(question.items)
        case MatchingQuestion():
            return question.rights
        case _:
            return []


def links_of(question: AnyQuestion) -> list[str]:
    """The demos that it sends to."""
    parts: list[Misled | SeenQuestion] = []
    match question:
        case SingleQuestion() | MultipleQuestion():
            parts += question.choices
        case NumericQuestion() | TextQuestion():
            parts += question.wrong
        case SeenQuestion():
            parts.append(question)
    return [part.see for part in parts if part.see]


ANY_QUESTION: TypeAdapter[AnyQuestion] = TypeAdapter(AnyQuestion)
"""Makes a question of plain values, or raises ValidationError."""


class Rules(Written):
    """How a quiz is taken. Deadlines and extra time belong to a course, not to this file."""

    attempts: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="None: as many as one likes."
    )
    minutes: Annotated[float, Field(gt=0, le=1_440)] | None = None
    shuffle: bool = Field(default=False, description="Whether the questions come in another order for everybody.")
    show: Literal["at once", "after the attempt", "after the deadline"] = "at once"


class Quiz(Written):
    title: Short | None = None
    rules: Rules = Rules()
    questions: Annotated[tuple[AnyQuestion, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _ids_differ(self) -> Quiz:
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise ValueError(f"Two questions have the id “{question.id}”.")
            seen.add(question.id)
        return self

    def question(self, question_id: str) -> AnyQuestion | None:
        return next((question for question in self.questions if question.id == question_id), None)
