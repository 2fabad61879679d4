"""The form of a question with its rows: opened, sent, changed row by row, and read.

What is wrong with a question is known by `questions.py`; here it is brought to the field that it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from pydantic import ValidationError

from common.yaml_text import dump_yaml
from quizzes.exchange.report import free_id, name_of
from quizzes.forms import FIRST_ROWS, FORMS, ROWS, Options, QuestionForm, Row
from quizzes.questions import ANY_QUESTION, MOST_CHOICES, AnyQuestion, DemoRun
from quizzes.quiz_files import words_of
from quizzes.variables_text import in_words, write_variables

WORDS_OF_ID = 40


@dataclass(frozen=True)
class Rows:
    """What a question has several of, as a page shows it."""

    name: str
    title: str
    one: str
    forms: forms.BaseFormSet[Any]


class QuestionEditor:
    """The form of one question with its rows.

    Without `data` it opens with what `initial` and `rows` say, which are as `fields_of` gives them.
    """

    def __init__(
        self,
        kind: str,
        options: Options,
        *,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        rows: Mapping[str, list[dict[str, Any]]] | None = None,
    ) -> None:
        self.kind, self.options = kind, options
        how: dict[str, Any] = {"auto_id": "q-%s"}
        self.form = FORMS.get(kind, QuestionForm)(data, options=options, initial=dict(initial or {}), **how)
        self.rows: list[Rows] = []
        for path, (title, one, row) in ROWS.items():
            of_kind, _, name = path.partition(".")
            if of_kind == kind:
                formset = forms.formset_factory(row, extra=0, max_num=MOST_CHOICES, absolute_max=2 * MOST_CHOICES)
                first = [{} for _ in range(FIRST_ROWS.get(name, 0))] if rows is None else rows.get(name, [])
                made = formset(data, prefix=name, initial=first, form_kwargs={"options": options}, **how)
                self.rows.append(Rows(name, title, one, made))

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.form.own]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Those behind a fold, for most questions do without them."""
        return [
            self.form[name]
            for name in ("hint", "why", "see", "image", "points", "tags", "variables", "id")
            if name in self.form.fields
        ]

    @property
    def more_is_open(self) -> bool:
        return any(bound.errors for bound in self.more_fields)

    def question(self) -> AnyQuestion | None:
        """The question that was sent; None where something is wrong, which stands at its field then."""
        formsets = [rows.forms for rows in self.rows]
        if not all([self.form.is_valid(), *(formset.is_valid() for formset in formsets)]):
            return None
        value = {**self.form.value(), "type": self.kind}
        value.setdefault("id", self._id_from(value.get("prompt", "")))
        filled = {rows.name: [row for row in rows.forms if not row.is_empty()] for rows in self.rows}
        for name, rows in filled.items():
            value[name] = _value_of(name, [row.value() for row in rows])
        try:
            question = ANY_QUESTION.validate_python(value)
        except ValidationError as error:
            self._tell(error, filled)
            return None
        if question.id in self.options.taken:
            self.form.add_error("id", f"Another question has the id “{question.id}”.")
            return None
        return question

    def demo_run(self) -> DemoRun | None:
        """What a demo is asked by the form that was sent, as far as it is filled in: `read` may be empty."""
        filled = self.form.cleaned_data
        if not filled.get("demo") or "params" not in filled:
            return None
        return DemoRun.model_construct(slug=filled["demo"], params=filled["params"], read=filled.get("read", ""))

    def changed(self, act: str) -> QuestionEditor:
        """The same with a row more (`add:choices`) or fewer (`remove:choices:2`), or one moved up (`up:choices:2`)."""
        what, _, rest = act.partition(":")
        name, _, number = rest.partition(":")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
        rows = {one.name: [_typed(row) for row in one.forms] for one in self.rows}
        chosen = rows.get(name, [])
        added = what == "add" and name in rows and len(chosen) < MOST_CHOICES
        if added:
            chosen.append({})
        elif what == "remove" and 0 <= place < len(chosen):
            del chosen[place]
        elif what == "up" and 0 < place < len(chosen):
            chosen.insert(place - 1, chosen.pop(place))
        editor = QuestionEditor(self.kind, self.options, initial=_typed(self.form), rows=rows)
        if added:
            last = next(one for one in editor.rows if one.name == name).forms[-1]
            next(iter(last)).field.widget.attrs["autofocus"] = True
        return editor

    def _id_from(self, prompt: str) -> str:
        wanted = name_of(prompt, "question")[:WORDS_OF_ID].strip("-_")
        return free_id(wanted, self.options.taken)

    def _tell(self, error: ValidationError, rows: Mapping[str, list[Row]]) -> None:
        """Every problem at its field; of several at one field the first that was said for people."""
        told: dict[tuple[forms.Form, str | None], str] = {}
        faulty = {one["loc"][1] for one in error.errors() if len(one["loc"]) > 2}
        for one in sorted(error.errors(), key=lambda one: one["type"] != "value_error"):
            path, words = [*one["loc"][1:]], words_of(one)
            if one["type"] == "too_short" and path[0] in rows:
                if path[0] in faulty:
                    continue  # rows that are faulty were not counted
                title = next(row.title for row in self.rows if row.name == path[0])
                words = f"{title}: fill in at least {one['ctx']['min_length']}."
            told.setdefault(self._field_of(path, rows), words)
        for (form, name), words in told.items():
            form.add_error(name, words)

    def _field_of(self, path: list[int | str], rows: Mapping[str, list[Row]]) -> tuple[forms.Form, str | None]:
        if len(path) > 1 and path[0] == "demo":
            path = ["demo" if path[1] == "slug" else path[1]]
        name = str(path[0]) if path else ""
        if name in rows and len(path) > 1:
            found = next(
                (row for place, row in enumerate(rows[name]) if path[1] in (place, row.cleaned_data.get("name"))), None
            )
            if found is not None:
                inner = next((str(step) for step in path[2:] if step in found.fields), None)
                return found, inner or next(iter(found.fields))
        return self.form, name if name in self.form.fields else None


def _value_of(name: str, rows: list[dict[str, Any]]) -> Any:
    """The rows as `quiz.yaml` has them."""
    if name in ("items", "extra"):
        return [row["text"] for row in rows]
    if name == "blanks":
        return {row.pop("name", ""): row for row in rows}
    return rows


def _typed(form: forms.Form) -> dict[str, Any]:
    """What stands in the fields of a form, right or wrong."""
    return {name: form[name].value() for name in form.fields}


def fields_of(question: AnyQuestion) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """What a form of this question opens with, and its rows."""
    value = question.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    value["tags"] = ", ".join(question.tags)
    value["variables"] = write_variables(question.variables)
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in ("choices", "wrong", "pairs"):
        if name in value:
            rows[name] = value.pop(name)
    for name in ("items", "extra"):
        if name in value:
            rows[name] = [{"text": text} for text in value.pop(name)]
    if "blanks" in value:
        rows["blanks"] = [
            {**blank, "name": name, "accept": "\n".join(blank["accept"])} for name, blank in value.pop("blanks").items()
        ]
    if "accept" in value:
        value["accept"] = "\n".join(value["accept"])
    if "units" in value:
        value["units"] = "\n".join(f"{name} = {in_words(size)}" for name, size in value["units"].items())
    for one in (value, *rows.get("wrong", ())):
        if isinstance(one.get("answer"), float):
            one["answer"] = in_words(one["answer"])
    if question.type == "demo":
        run = value.pop("demo")
        value |= {"demo": run["slug"], "read": run["read"], "params": dump_yaml(run["params"]) if run["params"] else ""}
    return value, rows


def kept_in(question: AnyQuestion) -> dict[str, set[str]]:
    """The pictures and demos that a question names, for Options."""
    value, rows = fields_of(question)
    parts = [value, *(row for several in rows.values() for row in several)]
    return {name: {part[name] for part in parts if part.get(name)} for name in ("image", "see")}
