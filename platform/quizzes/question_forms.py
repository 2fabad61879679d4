"""A question as a form: what its fields are filled with, and the answer that a posted one holds.

Any page that shows a question includes `quizzes/question.html` with an `AskedQuestion`. The same fields are read by
`read_form` where they are posted, and by static/js/quiz/answers.js where they are sent one by one.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from quizzes.presentation import Feedback, ShownQuestion, ShownRemark


@dataclass(frozen=True)
class Option:
    """A choice, or an item to be ordered, or one side of a pair."""

    position: int
    text: SafeString
    image: str = ""
    is_chosen: bool = False
    is_right: bool | None = None
    """None: that may not be told, or nothing is."""
    remark: ShownRemark | None = None

    @property
    def name(self) -> str:
        """What a formula is called, for a field cannot be named by what is drawn; empty without one."""
        return html.unescape(strip_tags(self.text)).strip() if 'class="math' in self.text else ""

    @property
    def letter(self) -> str:
        return chr(ord("A") + self.position)


@dataclass(frozen=True)
class Row:
    """One left side and the right sides to choose from; or a gap, `name` its part of the answer."""

    name: str
    text: SafeString
    """The left side, or what stands before the gap."""
    value: str = ""
    """What was typed into the gap."""
    options: tuple[Option, ...] = ()
    right_answer: SafeString | str = ""
    remark: ShownRemark | None = None

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.is_chosen), None)


@dataclass(frozen=True)
class AskedQuestion:
    """A question with somebody's answer to it, in the form in which pages send answers."""

    shown: ShownQuestion
    number: int = 1
    """Its place among the questions that are shown."""
    answer: Any = None
    version: int = 0
    is_locked: bool = False
    """The answer can no longer be changed."""
    may_check: bool = False
    """What is right can be asked for, which locks the answer."""
    feedback: Feedback | None = None
    failed: bool = False
    """No demo could compute what is right."""

    @property
    def id(self) -> str:
        return self.shown.id

    @property
    def template(self) -> str:
        return f"quizzes/question/{self.shown.type}.html"

    @property
    def is_answered(self) -> bool:
        return not is_nothing(self.answer)

    @property
    def verdict(self) -> str:
        """In a word: none without feedback."""
        if self.feedback is None:
            return ""
        if self.shown.type == "poll":
            return "told"
        return "right" if self.feedback.is_right else "partly" if self.feedback.share > 0 else "wrong"

    @property
    def options(self) -> list[Option]:
        """What is chosen from, as shown."""
        chosen = self.answer if isinstance(self.answer, list) else [self.answer]
        return [self._option(place, place in chosen) for place in range(len(self.shown.choices))]

    @property
    def items(self) -> list[Option]:
        """What is to be ordered, in the order of the answer."""
        order = self.answer if isinstance(self.answer, list) else range(len(self.shown.choices))
        return [self._option(place, is_chosen=False) for place in order]

    @property
    def right_items(self) -> list[SafeString]:
        """The same, in the right order."""
        return [self.shown.choices[place].text for place in self._right_places()]

    @property
    def pairs(self) -> list[Row]:
        answers = self.answer if isinstance(self.answer, list) else [None] * len(self.shown.lefts)
        rights = self._right_places()
        return [
            Row(
                name=str(place),
                text=left,
                options=tuple(self._option(other, other == answer) for other in range(len(self.shown.choices))),
                right_answer=self.shown.choices[rights[place]].text if rights else "",
                remark=self._remark(str(place)),
            )
            for place, (left, answer) in enumerate(zip(self.shown.lefts, answers, strict=True))
        ]

    @property
    def is_lettered(self) -> bool:
        """Formulas cannot stand in a list to choose from: they are listed above, and chosen by their letters."""
        return any(option.name for option in self.options)

    @property
    def gaps(self) -> list[Row]:
        answers = self.answer if isinstance(self.answer, Mapping) else {}
        right = self.feedback.right_answer if self.feedback else None
        rights = right if isinstance(right, Mapping) else {}
        return [
            Row(
                name=gap.name,
                text=gap.before,
                value=answers.get(gap.name, ""),
                right_answer=rights.get(gap.name, ""),
                remark=self._remark(gap.name),
            )
            for gap in self.shown.gaps
        ]

    @property
    def remark(self) -> ShownRemark | None:
        """What is said of the answer as a whole."""
        return self._remark("")

    def _option(self, place: int, is_chosen: bool) -> Option:
        choice = self.shown.choices[place]
        right = self._right_places() if self.feedback and self.shown.type in ("single", "multiple") else None
        return Option(
            position=place,
            text=choice.text,
            image=choice.image,
            is_chosen=is_chosen,
            is_right=None if right is None else place in right,
            remark=self._remark(str(place)),
        )

    def _remark(self, part: str) -> ShownRemark | None:
        remarks = self.feedback.remarks if self.feedback else ()
        return next((remark for remark in remarks if remark.part == part), None)

    def _right_places(self) -> list[int]:
        right = self.feedback.right_answer if self.feedback else None
        return right if isinstance(right, list) else [right] if isinstance(right, int) else []


def read_form(shown: ShownQuestion, form: QueryDict) -> Any:
    """The answer in the form that `grading.read_answer` takes; `is_nothing` of it where nothing was filled in."""
    name = f"q.{shown.id}"
    match shown.type:
        case "single" | "poll":
            return _place(form.get(name, ""))
        case "multiple":
            return [place for text in form.getlist(name) if (place := _place(text)) is not None]
        case "ordering":
            return _order(shown, form, name)
        case "matching":
            return [_place(form.get(f"{name}.{place}", "")) for place in range(len(shown.lefts))]
        case "blanks":
            return {gap.name: form.get(f"{name}.{gap.name}", "") for gap in shown.gaps}
        case _:
            return form.get(name, "")


def is_nothing(answer: Any) -> bool:
    parts = answer.values() if isinstance(answer, Mapping) else answer if isinstance(answer, list) else [answer]
    return all(part in (None, "") for part in parts)


def _order(shown: ShownQuestion, form: QueryDict, name: str) -> list[int] | None:
    """Each item comes with the rank that was chosen for it, in the order in which they stood on the page."""
    stood = [place for text in form.getlist(name) if (place := _place(text)) is not None]
    ranks = [_place(form.get(f"{name}.{place}", "")) or 0 for place in stood]
    if sorted(stood) != list(range(len(shown.choices))) or ranks == list(range(1, len(ranks) + 1)):
        return None  # as it was shown: nobody has put it in order
    return [place for _, place in sorted(zip(ranks, stood, strict=True), key=lambda pair: pair[0])]


def _place(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
