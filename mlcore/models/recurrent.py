"""Recurrent networks, one function a wiring."""

from __future__ import annotations

from typing import Literal

from mlcore.backend import keras

Cell = Literal["simple", "lstm", "gru"]
CELLS = {"simple": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


def next_row(cell: Cell, *, units: int, features: int) -> keras.Model:
    """Forecasts, at every step of a window, the row that comes next.

    Input: (B, N, F) windows. Output: (B, N, F), place n being the forecast of row n + 1. One recurrent layer, and one
    dense layer that is the same at every step. The state begins at zero in every window.
    """
    window = keras.Input((None, features), name="window")
    states = CELLS[cell](units, return_sequences=True, name="memory")(window)
    return keras.Model(window, keras.layers.Dense(features, name="next")(states), name="next_row")
