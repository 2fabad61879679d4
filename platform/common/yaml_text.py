"""YAML that anybody may have written: read safely, in time that grows with its length, or refused with the line."""

from __future__ import annotations

from typing import Any

import yaml

_Base: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # the one in C is ten times as fast

LONGEST_NUMBER = 40
"""Characters. Beyond it a number takes time that grows with the square of its length, and has no meaning here."""
DEEPEST = 20
"""Levels of lists in lists. The time of the parser grows with the square of the depth."""


class _Loader(_Base):
    """Numbers are written in digits: YAML 1.1 also has 1:30:00 for 5400."""

    def number(self, node: yaml.ScalarNode) -> Any:
        if ":" in node.value or len(node.value) > LONGEST_NUMBER:
            return node.value
        base = _Base.construct_yaml_float if node.tag.endswith(":float") else _Base.construct_yaml_int
        return base(self, node)


for _kind in ("int", "float"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Loader.number)


class YamlTextError(ValueError):
    """What is wrong with the text, in words, and where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def read_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The text as a tree that knows its lines, and as plain values; of no text, None.

    Raises:
        YamlTextError: it is no YAML, it is nested too deeply, or it has aliases, with which a small text stands for a
            huge one.
    """
    try:
        _check(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return node, loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlTextError(
            f"this is not YAML: {getattr(error, 'problem', None) or error}", mark.line + 1 if mark else 1
        ) from error
    except ValueError as error:  # 2026-99-99
        raise YamlTextError(f"this is not YAML: {error}", 1) from error


def _check(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        problem = ""
        if depth > DEEPEST:
            problem = "it is nested too deeply"
        elif isinstance(event, yaml.AliasEvent):
            problem = "aliases (*name) cannot be used here"
        if problem:
            raise yaml.YAMLError(problem) if event.start_mark is None else _Marked(problem, event.start_mark)


class _Marked(yaml.YAMLError):
    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, mark


def dump_yaml(value: Any) -> str:
    """Plain values as a text of which `read_yaml` makes the same, in the order in which they are."""
    text = str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110))
    lines = text.splitlines()
    if len(lines) > text.count("\n") or any(not line.strip("- ") for line in lines if line.strip()):
        # Unusual ends of lines, or a line of dashes, which would end the front matter: no value may go over a line.
        text = str(yaml.safe_dump(value, sort_keys=False, default_style='"', width=float("inf")))
    return text
