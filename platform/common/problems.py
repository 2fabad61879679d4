"""What pydantic finds wrong with a value, in words for whoever wrote it."""

from __future__ import annotations

from typing import Any

_BOUNDS = {
    "greater_than_equal": ("ge", "This must be at least {}."),
    "greater_than": ("gt", "This must be more than {}."),
    "less_than_equal": ("le", "This can be {} at most."),
    "less_than": ("lt", "This must be less than {}."),
    "too_short": ("min_length", "There must be at least {} of them."),
    "too_long": ("max_length", "There can be {} of them at most."),
    "string_too_long": ("max_length", "At most {} characters fit."),
    "literal_error": ("expected", "Choose one of these: {}."),
}
_WORDS = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no setting of this name.",
    "string_too_short": "Nothing is written here.",
    "string_type": "This must be a text.",
    "string_unicode": "This is no text that can be read.",
    "bool_type": "This is either on or off: true or false.",
    "bool_parsing": "This is either on or off: true or false.",
    "finite_number": "This must be a finite number.",
    "int_from_float": "This must be a whole number.",
    "int_parsing_size": "This number is too large.",
    "tuple_type": "This must be a list.",
    "list_type": "This must be a list.",
    "dict_type": "This must have names and values.",
    "model_type": "This must have names and values.",
    "model_attributes_type": "This must have names and values.",
}


def words_of(error: Any) -> str:
    """One of the errors of a `pydantic.ValidationError`, as a sentence. Our own validators' words stay as they are."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _BOUNDS:
        name, sentence = _BOUNDS[kind]
        bound = context[name]
        return sentence.format(f"{bound:g}" if isinstance(bound, float) else bound)
    if kind.startswith(("int_", "float_")):
        return _WORDS.get(kind, "This must be a number.")
    return _WORDS.get(kind, f"{error['msg']}.")
