"""A question as somebody sees it, and what they are told about their answer: without a page, for whatever shows it.

`ShownQuestion` is made of the parts of a question that hold no key. Nothing else of a question may go to a student
before its key may be seen; then `Feedback` says what is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from common.markdown import BlockError, render_fragment
from mlcore import registry
from quizzes.arrangement import Arrangement
from quizzes.formulas import fill_in
from quizzes.grading import Answer, Grade
from quizzes.questions import (
    GAP,
    NO_WHY,
    AnyQuestion,
    BlanksQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    PollQuestion,
    SingleQuestion,
    parts_of,
)

Images = Mapping[str, str]
"""The addresses of a lesson's pictures by their names."""


@dataclass(frozen=True)
class ShownChoice:
    text: SafeString
    image: str = ""
    """The address of a picture."""


@dataclass(frozen=True)
class Gap:
    """A blank in a text; what stands before it is Markdown, already HTML."""

    before: SafeString
    name: str


@dataclass(frozen=True)
class ShownQuestion:
    id: str
    type: str
    prompt: SafeString
    points: float
    image: str = ""
    hint: SafeString | str = ""
    choices: tuple[ShownChoice, ...] = ()
    """What is chosen, ordered, or matched to the left sides; an answer names positions in this order."""
    lefts: tuple[SafeString, ...] = ()
    gaps: tuple[Gap, ...] = ()
    after: SafeString | str = ""
    """The text behind the last gap."""
    unit: str = ""
    """The unit in which a number is asked for."""


@dataclass(frozen=True)
class ShownRemark:
    part: str
    """The position of a choice or pair as shown, the name of a gap; empty for the answer as a whole."""
    right: bool | None
    why: SafeString | str
    misconception: str = ""
    see: str = ""
    """The address of the demo that shows why."""
    see_title: str = ""


@dataclass(frozen=True)
class Feedback:
    points: float
    share: float
    remarks: tuple[ShownRemark, ...]
    right_answer: Any
    """In the form of an answer, positions as shown; a text for what is typed."""
    why: SafeString | str
    read_as: str = ""
    """How a wrong number was read, where it may have been meant otherwise."""

    @property
    def is_right(self) -> bool:
        return self.share == 1


def show_question(question: AnyQuestion, arrangement: Arrangement, images: Images) -> ShownQuestion:
    """The question as it stands in the attempt of this arrangement."""

    def html(text: str | None) -> SafeString | str:
        return _html(text, arrangement, images) if text else ""

    gaps, after = _gaps(question, arrangement, images)
    return ShownQuestion(
        id=question.id,
        type=question.type,
        prompt=_html(question.prompt, arrangement, images),
        points=0.0 if isinstance(question, PollQuestion) else question.points,
        image=images.get(question.image or "", ""),
        hint=html(question.hint),
        choices=_choices(question, arrangement, images),
        lefts=tuple(_html(pair.left, arrangement, images, inline=True) for pair in question.pairs)
        if isinstance(question, MatchingQuestion)
        else (),
        gaps=gaps,
        after=after,
        unit=question.unit or "" if isinstance(question, NumericQuestion) else "",
    )


def tell_grade(question: AnyQuestion, arrangement: Arrangement, grade: Grade, images: Images) -> Feedback:
    """What is said about an answer once its key may be seen."""
    chosen_from = isinstance(question, SingleQuestion | MultipleQuestion)
    return Feedback(
        points=grade.points,
        share=grade.share,
        remarks=tuple(
            ShownRemark(
                part=str(arrangement.shown(int(remark.part))) if chosen_from and remark.part else remark.part,
                right=remark.right,
                why=_html(remark.why, arrangement, images) if remark.why not in ("", NO_WHY) else "",
                misconception=remark.misconception,
                see=demo_address(remark.see),
                see_title=demo_title(remark.see),
            )
            for remark in grade.remarks
        ),
        right_answer=show_answer(question, grade.right_answer, arrangement),
        why=_html(question.why, arrangement, images) if question.why else "",
        read_as=grade.read_as,
    )


def show_answer(question: AnyQuestion, answer: Answer | None, arrangement: Arrangement) -> Any:
    """A kept answer with positions as shown: the other way round than `grading.read_answer`."""
    if answer is None:
        return None
    if isinstance(question, SingleQuestion | PollQuestion):
        return arrangement.shown(answer) if isinstance(answer, int) else None
    if isinstance(question, MultipleQuestion | OrderingQuestion | MatchingQuestion) and isinstance(answer, list):
        return [None if place is None else arrangement.shown(place) for place in answer]
    return answer


def demo_address(see: str) -> str:
    """`explorer/capitals` as the address of the demo's page with this preset; empty for nothing."""
    if not see:
        return ""
    slug, _, preset = see.partition("/")
    return reverse("demo", args=[slug]) + (f"?preset={preset}" if preset else "")


def demo_title(see: str) -> str:
    """What the same is called: the preset, or the demo."""
    slug, _, preset = see.partition("/")
    demo = registry.demos().get(slug)
    if demo is None:
        return slug
    return demo.presets[preset].title if preset in demo.presets else demo.title


def _choices(question: AnyQuestion, arrangement: Arrangement, images: Images) -> tuple[ShownChoice, ...]:
    if isinstance(question, SingleQuestion | MultipleQuestion | PollQuestion):
        written = [(choice.text, choice.image or "") for choice in question.choices]
    else:
        written = [(text, "") for text in parts_of(question)]
    return tuple(
        ShownChoice(_html(text, arrangement, images, inline=True), images.get(image, ""))
        for text, image in (written[place] for place in arrangement.order)
    )


def _gaps(question: AnyQuestion, arrangement: Arrangement, images: Images) -> tuple[tuple[Gap, ...], SafeString | str]:
    if not isinstance(question, BlanksQuestion):
        return (), ""
    pieces = GAP.split(question.text)
    gaps = tuple(
        Gap(_html(before, arrangement, images, inline=True), name)
        for before, name in zip(pieces[:-1:2], pieces[1::2], strict=True)
    )
    return gaps, _html(pieces[-1], arrangement, images, inline=True)


def _html(text: str, arrangement: Arrangement, images: Images, *, inline: bool = False) -> SafeString:
    """Markdown as HTML; a picture that is not there leaves its words. `inline`: without the paragraph around it."""
    text = fill_in(text, arrangement.numbers)
    try:
        html = render_fragment(text, images)
    except BlockError:
        html = render_fragment(text)
    if inline:
        edges = re.fullmatch(r"\s*<p>((?:(?!</?p>).)*)</p>\s*", html, re.DOTALL)
        # Safe: a part of what was safe, with its tags in pairs.
        return mark_safe(edges[1]) if edges else html  # noqa: S308
    return html
