from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from common.yaml_text import YamlTextError, read_yaml


def test_a_text_is_read_as_values_and_as_a_tree_with_lines() -> None:
    node, value = read_yaml("a: 1\nb:\n  - two\n")
    assert value == {"a": 1, "b": ["two"]}
    assert node.value[1][0].start_mark.line == 1
    assert read_yaml("") == (None, None)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [", 3, "not YAML"),
        ("a: &x 1\nb: *x\n", 2, "aliases"),
        ("a: 2026-99-99", 1, "month"),
        ("a: !!python/object/apply:os.system [ls]", 1, "constructor"),
        ("[" * 400_000, 1, "nested too deeply"),
        ("- " * 100_000, 1, "nested too deeply"),
        ("{a: " * 100_000, 1, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(YamlTextError, match=words) as refused:
        read_yaml(text)
    assert refused.value.line == line


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert read_yaml(yaml.safe_dump(value))[1] == value


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=100) | st.lists(st.sampled_from([*"[]{}:-?&*!|>'\"#%@`,a1 \n", "---\n", "a: "])).map("".join))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(YamlTextError):
        assert len(read_yaml(text)) == 2


@pytest.mark.parametrize(
    ("text", "value"), [("1:1:1", "1:1:1"), ("1:30.5", "1:30.5"), ("12", 12), ("-3.5", -3.5), ("0x1f", 31)]
)
def test_numbers_are_those_that_are_written_in_digits(text: str, value: object) -> None:
    assert read_yaml(f"a: {text}")[1] == {"a": value}


@pytest.mark.parametrize(
    "text", ["a: " + "1:" * 100_000 + "1", "? 0x" + "f" * 5000 + "\n: a", "? " + "9" * 5000 + "\n: a"]
)
def test_a_number_of_thousands_of_digits_is_a_text(text: str) -> None:
    ((key, value),) = read_yaml(text)[1].items()
    assert isinstance(key, str)
    assert isinstance(value, str)
