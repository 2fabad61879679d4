"""Numbers that are drawn for an attempt, and formulas of them."""

from __future__ import annotations

import ast
import math
import random
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from simpleeval import DEFAULT_OPERATORS, SimpleEval

Formula = float | Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Numbers = Mapping[str, float]
TRIES = 30
"""With so many drawn sets of numbers a formula is tried when it is checked."""
MOST_STEPS = 10_000

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in ("sqrt", "exp", "log", "log2", "log10", "tanh", "floor", "ceil")},
    "abs": abs,
    "min": min,
    "max": max,
    # Of a float: a whole number would be divided by a power of ten, whatever its size.
    "round": lambda x, digits=0: round(float(x), int(digits)),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}
# Of floats: whole numbers have powers that take minutes to compute.
OPERATORS = {**DEFAULT_OPERATORS, ast.Pow: math.pow}
PARTS = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword)
CONSTANTS = {"pi": math.pi, "e": math.e}
NAME = re.compile(r"[a-z][a-z0-9_]*")
FILLED_IN = re.compile(rf"\{{\{{\s*({NAME.pattern})\s*\}}\}}")


class Range(BaseModel):
    """Every `step` from `from` to `to`, both taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    first: float = Field(alias="from")
    last: float = Field(alias="to")
    step: float = Field(default=1, gt=0)

    @model_validator(mode="after")
    def _goes_up(self) -> Range:
        if not self.first <= self.last or (self.last - self.first) / self.step > MOST_STEPS:
            raise ValueError(f"“from” must not be above “to”, with at most {MOST_STEPS:,} steps between them.")
        return self

    def draw(self, dice: random.Random) -> float:
        steps = math.floor((self.last - self.first) / self.step + 1e-9)
        return round(self.first + dice.randint(0, steps) * self.step, 10)


Variables = Annotated[dict[str, Range | tuple[float, ...] | Formula], Field(max_length=30)]
"""A range, some values, or a formula of the variables before it. All are drawn for each formula that is checked."""


class FormulaError(ValueError):
    """Why a formula has no value, for its author."""


def draw(variables: Variables, seed: str) -> dict[str, float]:
    """The variables' numbers, the same for the same seed.

    Raises:
        FormulaError: one of them has no value.
    """
    numbers: dict[str, float] = {}
    for name, variable in variables.items():
        dice = random.Random(f"{seed}:{name}")
        if isinstance(variable, Range):
            numbers[name] = variable.draw(dice)
        elif isinstance(variable, tuple):
            numbers[name] = dice.choice(variable)
        else:
            numbers[name] = compute(variable, numbers)
    return numbers


def compute(formula: Formula, numbers: Numbers) -> float:
    """
    Raises:
        FormulaError: it cannot be computed, or its value is no finite number.
    """
    if isinstance(formula, (int, float)):
        return float(formula)
    evaluator = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names={**CONSTANTS, **numbers})
    # Nothing but numbers: texts can be made so long that they fill the memory.
    evaluator.nodes = {**{part: evaluator.nodes[part] for part in PARTS}, ast.Constant: _constant}
    try:
        value = float(evaluator.eval(formula))
    except Exception as error:  # whatever the formula's arithmetic raises: it is somebody's text
        raise FormulaError(f"“{formula}” cannot be computed: {error}") from error
    if not math.isfinite(value):
        raise FormulaError(f"“{formula}” has no finite value.")
    return value


def _constant(node: ast.Constant) -> float:
    if not isinstance(node.value, (int, float)):
        raise FormulaError(f"{ast.unparse(node)} is no number.")
    return node.value


def check_variables(variables: Variables) -> None:
    """Raises ValueError where one of them cannot be drawn."""
    for name, variable in variables.items():
        if not NAME.fullmatch(name) or name in CONSTANTS or name in FUNCTIONS:
            raise ValueError(f"“{name}” cannot name a variable. Use small letters, and no name of a function.")
        if isinstance(variable, tuple) and not variable:
            raise ValueError(f"“{name}” has no values.")
    check_formula(0.0, variables)


def check_formula(formula: Formula, variables: Variables) -> None:
    """Raises ValueError where it has no value for some numbers that may be drawn."""
    for number in range(TRIES if variables else 1):
        compute(formula, draw(variables, f"check {number}"))


def fill_in(text: str, numbers: Numbers) -> str:
    """The text with `{{ name }}` as numbers; a name that is none of them stays."""

    def number(match: re.Match[str]) -> str:
        return in_digits(numbers[match[1]]) if match[1] in numbers else match[0]

    return FILLED_IN.sub(number, text)


def in_digits(number: float) -> str:
    """6 for 6.0, 0.1 for 0.1, and no more than ten digits."""
    return f"{number:.10g}"
