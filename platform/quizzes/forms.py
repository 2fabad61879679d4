"""Questions as forms: one for each type, with rows for what there is several of.

The fields only say how something is typed. What may stand in a question is said by `questions.py` alone: the fields
make a value of `quiz.yaml`, and what is wrong with that is told at the field that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms

from authoring.selectors.editing import demo_menu
from common.yaml_text import YamlTextError, read_yaml
from quizzes.exchange.report import name_of
from quizzes.variables_text import number_or_formula, read_variables

TITLES = {
    "single": "One choice",
    "multiple": "Several choices",
    "numeric": "Number",
    "text": "Short text",
    "ordering": "Put in order",
    "matching": "Match pairs",
    "blanks": "Fill in the blanks",
    "poll": "Poll",
    "demo": "What a demo shows",
}
"""The types, in the order in which they are offered."""


@dataclass(frozen=True)
class Options:
    """What can be chosen in a form."""

    images: Sequence[str] = ()
    """The names of the lesson's pictures."""
    taken: frozenset[str] = frozenset()
    """The ids of the other questions."""
    kept: Mapping[str, set[str]] = field(default_factory=dict)
    """What the question says already (`image`, `see`), even where it is gone by now."""

    def image(self) -> list[tuple[str, str]]:
        names = list(dict.fromkeys([*self.images, *sorted(self.kept.get("image", ()))]))
        return [("", "None"), *((name, name) for name in names)]

    @cached_property
    def demos(self) -> list[dict[str, Any]]:
        """Looked up once for all the rows of a form."""
        return [demo for group in demo_menu() for demo in group["demos"]]

    def see(self) -> list[Any]:
        groups: list[Any] = [("", "None")]
        known: set[str] = set()
        for demo in self.demos:
            presets = [(f"{demo['slug']}/{one['name']}", f"{demo['title']}: {one['title']}") for one in demo["presets"]]
            groups.append((demo["title"], [(demo["slug"], demo["title"]), *presets]))
            known |= {demo["slug"], *(value for value, _ in presets)}
        gone = sorted(self.kept.get("see", set()) - known)
        return [*groups, *((value, f"{value} (there is no such demo)") for value in gone)]

    def demo(self) -> list[tuple[str, str]]:
        return [("", "Choose a demo"), *((demo["slug"], demo["title"]) for demo in self.demos)]


def _line(label: str, hint: str = "", *, needed: bool = False) -> forms.CharField:
    field = forms.CharField(label=label, help_text=hint, required=False)
    field.needed = needed  # type: ignore[attr-defined]  # not called optional on the page
    return field


def _text(label: str, hint: str = "", rows: int = 2, *, needed: bool = False) -> forms.CharField:
    field = _line(label, hint, needed=needed)
    field.widget = forms.Textarea(attrs={"rows": rows})
    return field


def _tick(label: str, hint: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


def _number(label: str, hint: str = "") -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any"})
    return forms.FloatField(label=label, help_text=hint, required=False, widget=widget)


def _choice(label: str, hint: str = "", *, needed: bool = False) -> forms.ChoiceField:
    field = forms.ChoiceField(label=label, help_text=hint, required=False)
    field.needed = needed  # type: ignore[attr-defined]
    return field


class _Part(forms.Form):
    """Fields whose names are those of `quiz.yaml`; nothing is required here, for `questions.py` knows what is."""

    use_required_attribute = False

    def __init__(self, *args: Any, options: Options, **how: Any) -> None:
        super().__init__(*args, **how)
        for name in ("image", "see", "demo"):
            if name in self.fields:
                self.fields[name].choices = getattr(options, name)()  # type: ignore[attr-defined]

    def value(self) -> dict[str, Any]:
        """What was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class Row(_Part):
    """One of several: a choice, a pair. One in which nothing is written is not there."""

    folded: ClassVar[tuple[str, ...]] = ()
    """Fields behind a fold, for most rows do without them."""

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in self.folded]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name in self.folded]

    @property
    def more_is_open(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.more_fields)

    def is_empty(self) -> bool:
        return not any(value for name, value in self.cleaned_data.items() if not isinstance(value, bool))


class MisledRow(Row):
    why = _text("Why", "Why this is right, or wrong. Students read it once they have answered.", needed=True)
    misconception = _line(
        "Misconception", "A short name, such as near-means-same. The analysis counts how often it is met."
    )
    see = _choice("Demo that shows why")
    folded = ("misconception", "see", "image")


class ChoiceRow(MisledRow):
    text = _text("Choice", needed=True)
    correct = _tick("This is right")
    image = _choice("Picture")
    field_order = ["text", "correct", "why", "misconception", "see", "image"]


class PollChoiceRow(Row):
    text = _text("Choice", needed=True)
    image = _choice("Picture")


class TextRow(Row):
    text = _text("Text", needed=True)


class PairRow(Row):
    left = _text("Left side", needed=True)
    right = _text("Right side", needed=True)
    why = _text("Why they belong together")


class WrongTextRow(MisledRow):
    answer = _line("Answer", needed=True)
    field_order = ["answer"]


def _number_or_formula(said: str) -> float | str:
    if re.fullmatch(r"[+-]?\d+,\d+", said):
        raise forms.ValidationError(f"Write the number with a point, and without commas: {said.replace(',', '.')}")
    return number_or_formula(said)


class WrongNumberRow(WrongTextRow):
    def clean_answer(self) -> float | str:
        return _number_or_formula(self.cleaned_data["answer"])


class BlankRow(Row):
    name = _line("Name", "It stands in the text as [[name]].", needed=True)
    accept = _text("What counts", "One answer a line.", needed=True)
    case = _tick("Capitals matter")
    accents = _tick("Accents matter")
    why = _text("Why")

    def clean_accept(self) -> list[str]:
        return _lines(self.cleaned_data["accept"])


ROWS: dict[str, tuple[str, str, type[Row]]] = {
    "single.choices": ("Choices", "choice", ChoiceRow),
    "multiple.choices": ("Choices", "choice", ChoiceRow),
    "poll.choices": ("Choices", "choice", PollChoiceRow),
    "numeric.wrong": ("Wrong numbers that people give", "wrong number", WrongNumberRow),
    "text.wrong": ("Wrong answers that people give", "wrong answer", WrongTextRow),
    "ordering.items": ("Parts, in the right order", "part", TextRow),
    "matching.pairs": ("Pairs", "pair", PairRow),
    "matching.extra": ("Right sides that belong to none", "right side", TextRow),
    "blanks.blanks": ("Blanks", "blank", BlankRow),
}
"""By type and field: a heading, what one is called, and its form."""
FIRST_ROWS = {"choices": 3, "items": 3, "pairs": 3, "blanks": 1}


class QuestionForm(_Part):
    """What questions of all types have; those of a type begin with it."""

    prompt = _text(
        "Question", "Markdown with $formulas$. {{ n }} is the number of the variable n.", rows=4, needed=True
    )
    image = _choice("Picture", "One of the pictures of the lesson, which are uploaded in its editor.")
    hint = _text("Hint", "Students can open it before they answer.")
    why = _text("Explanation of the whole", "Said to everybody, once the question is answered.")
    points = _number("Points", "1, if you leave it empty.")
    tags = _line("Tags", "With commas between them: cosine, one-hot")
    variables = _text(
        "Variables", "One a line: n = 2 to 9 step 0.5, or m = 1, 2, 5, or b = n * m. Everybody gets other numbers."
    )
    id = _line("Id", "By it the text shows the question: :::quiz gates. Left empty, it is made from the question.")
    own: ClassVar[tuple[str, ...]] = ()
    """The fields of this type, which stand behind the question."""

    def clean_tags(self) -> list[str]:
        words = (tag.strip() for tag in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(name_of(tag, tag) for tag in words if tag))

    def clean_variables(self) -> dict[str, Any]:
        try:
            return read_variables(self.cleaned_data["variables"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class ChoicesForm(QuestionForm):
    shuffle = forms.BooleanField(label="Everybody gets the choices in another order", required=False, initial=True)
    own = ("shuffle",)


class NumericForm(QuestionForm):
    answer = _line("Right answer", "A number, or a formula of the variables: sqrt(n) + 1", needed=True)
    tolerance = _number("Tolerance", "So much more or less is right, too.")
    relative = _number("Tolerance as a share", "0.05: five percent of the answer.")
    unit = _line("Unit", "In which the number is asked for.")
    units = _text("Other units", "One a line, in terms of the unit: cm = 0.01")
    own = ("answer", "tolerance", "relative", "unit", "units")

    def clean_answer(self) -> float | str:
        return _number_or_formula(self.cleaned_data["answer"])

    def clean_units(self) -> dict[str, float]:
        units = {}
        for line in _lines(self.cleaned_data["units"]):
            name, _, size = (part.strip() for part in line.rpartition("="))
            try:
                units[name] = float(size)
            except ValueError as error:
                raise forms.ValidationError(f"“{line}”: write a unit, “=” and a number: cm = 0.01") from error
        return units


class TextForm(QuestionForm):
    accept = _text("What counts", "One answer a line.", rows=3)
    pattern = _line("Regular expression", "For the whole answer, beside what is listed above.")
    case = _tick("Capitals matter")
    accents = _tick("Accents matter")
    own = ("accept", "pattern", "case", "accents")

    def clean_accept(self) -> list[str]:
        return _lines(self.cleaned_data["accept"])


class SeenForm(QuestionForm):
    see = _choice("Demo that shows why", "Shown beside what is said about the answer.")


class BlanksForm(SeenForm):
    text = _text("Text with blanks", "A blank is its name in double brackets: A gate is [[open]].", rows=4, needed=True)
    own = ("text",)


class PollForm(QuestionForm):
    points = None  # type: ignore[assignment]


class DemoForm(SeenForm):
    demo = _choice(
        "Demo", "The right answer is what it gives; that is computed when the lesson is published.", needed=True
    )
    params = _text(
        "Its settings",
        "One a line: word: king. What you do not set is as in the demo; Preview lists all there are.",
        rows=3,
    )
    read = _line(
        "Where the answer stands", "In the result of the run. Choose Preview, and you see what there is.", needed=True
    )
    read.widget.attrs["list"] = "demo-values"
    tolerance = _number("Tolerance", "For a number: so much more or less is right, too.")
    relative = _number("Tolerance as a share", "0.05: five percent of the answer.")
    case = _tick("Capitals matter")
    own = ("demo", "params", "read", "tolerance", "relative", "case")

    def clean_params(self) -> dict[str, Any]:
        try:
            _, params = read_yaml(self.cleaned_data["params"])
        except YamlTextError as error:
            raise forms.ValidationError(f"Line {error.line}: {error.message}.") from error
        if params is not None and not isinstance(params, dict):
            raise forms.ValidationError("Write a name, “:” and a value on each line: word: king")
        return params or {}

    def value(self) -> dict[str, Any]:
        value = super().value()
        run = {"slug": value.pop("demo", ""), "params": value.pop("params"), "read": value.pop("read", "")}
        return {**value, "demo": run}


FORMS: dict[str, type[QuestionForm]] = {
    "single": ChoicesForm,
    "multiple": ChoicesForm,
    "numeric": NumericForm,
    "text": TextForm,
    "ordering": SeenForm,
    "matching": SeenForm,
    "blanks": BlanksForm,
    "poll": PollForm,
    "demo": DemoForm,
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
