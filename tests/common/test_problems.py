from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from common.problems import words_of


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    most: int = Field(5, ge=1, le=20)
    rate: float = Field(0.5, gt=0, lt=1, allow_inf_nan=False)
    text: str = Field("x", min_length=1, max_length=3)
    cell: Literal["gru", "lstm"] = "gru"
    words: tuple[str, ...] = Field((), max_length=2)
    both: bool = False

    @field_validator("text")
    @classmethod
    def _no_shouting(cls, text: str) -> str:
        if text.isupper():
            raise ValueError("Do not shout.")
        return text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"most": 0}, "This must be at least 1."),
        ({"most": 21}, "This can be 20 at most."),
        ({"most": "many"}, "This must be a number."),
        ({"most": 1.5}, "This must be a whole number."),
        ({"most": "9" * 5000}, "This number is too large."),
        ({"most": None}, "This must be a number."),
        ({"rate": 0}, "This must be more than 0."),
        ({"rate": 1}, "This must be less than 1."),
        ({"rate": float("nan")}, "This must be a finite number."),
        ({"rate": []}, "This must be a number."),
        ({"text": ""}, "Nothing is written here."),
        ({"text": "long"}, "At most 3 characters fit."),
        ({"text": 5}, "This must be a text."),
        ({"text": "\ud800"}, "This is no text that can be read."),
        ({"text": "NO"}, "Do not shout."),
        ({"cell": "cnn"}, "Choose one of these: 'gru' or 'lstm'."),
        ({"words": "word"}, "This must be a list."),
        ({"words": ["a", "b", "c"]}, "There can be 2 of them at most."),
        ({"both": "maybe"}, "This is either on or off: true or false."),
        ({"both": {}}, "This is either on or off: true or false."),
        ({"fell": 1}, "There is no setting of this name."),
        ([], "This must have names and values."),
    ],
)
def test_what_does_not_fit_is_said_in_words(settings: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(settings)
    assert [words_of(error) for error in refused.value.errors()] == [said]
