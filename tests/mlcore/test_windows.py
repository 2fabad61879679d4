"""Windows, splits, scalers and baselines, against keras and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from mlcore.backend import keras
from mlcore.baselines import LinearModel, last_value, likely_period, roll_out, seasonal
from mlcore.windows import Scaler, split, windows

RNG = np.random.default_rng(3)
VALUES = RNG.normal(size=(50, 3))
KNOWN = np.ones_like(VALUES, dtype=bool)


@pytest.mark.parametrize("length", [2, 7, 20])
def test_windows_are_those_of_keras(length: int) -> None:
    ours = windows(VALUES, KNOWN, length, first=0, end=50)
    theirs = keras.utils.timeseries_dataset_from_array(
        VALUES[:-1], VALUES[length:], sequence_length=length, batch_size=None
    )
    inputs, nexts = zip(*theirs.as_numpy_iterator(), strict=True)
    np.testing.assert_array_equal(ours.inputs, inputs)
    np.testing.assert_array_equal(ours.targets[:, -1], nexts)


def test_the_target_is_the_window_one_row_later() -> None:
    ours = windows(VALUES, KNOWN, 5, first=0, end=50)
    np.testing.assert_array_equal(ours.targets[:, :-1], ours.inputs[:, 1:])
    np.testing.assert_array_equal(ours.targets[:-1], ours.inputs[1:])


def test_no_target_of_a_part_lies_outside_it() -> None:
    row = np.arange(50.0)[:, None]
    known = np.ones((50, 1), dtype=bool)
    learned = windows(row, known, 5, first=0, end=35)
    assert learned.targets.max() == 34
    watched = windows(row, known, 5, first=35, end=42)
    assert watched.targets[:, -1, 0].tolist() == list(range(35, 42))
    assert watched.inputs.min() == 30  # it may look back
    assert watched.targets[watched.weights > 0].min() == 35  # but what lies there counts nothing


def test_a_filled_gap_counts_nothing() -> None:
    known = np.ones((10, 1), dtype=bool)
    known[4] = False
    ours = windows(np.arange(10.0)[:, None], known, 3, first=0, end=10)
    assert (ours.targets[ours.weights == 0] == 4).all()
    assert (ours.weights == 0).sum() == 3


def test_parts_are_cut_by_time() -> None:
    parts = split(309)
    assert (parts.train, parts.validation, parts.rows) == (216, 262, 309)


def test_the_scaler_is_that_of_scikit_learn() -> None:
    ours, theirs = Scaler.fit(VALUES[:30], KNOWN[:30]), StandardScaler().fit(VALUES[:30])
    np.testing.assert_allclose(ours.scaled(VALUES), theirs.transform(VALUES))


def test_the_scaler_looks_at_known_values_and_bears_a_constant() -> None:
    values = np.array([[1.0, 5.0], [99.0, 5.0], [3.0, 5.0]])
    known = np.array([[True, True], [False, True], [True, True]])
    scaler = Scaler.fit(values, known)
    assert scaler.mean.tolist() == [2, 5]
    assert scaler.scale.tolist() == [1, 1]


def test_the_linear_model_is_that_of_scikit_learn() -> None:
    ours = LinearModel(VALUES, KNOWN, 4)
    learned = windows(VALUES, KNOWN, 4, first=0, end=50)
    flat = learned.inputs.reshape(len(learned), -1)
    theirs = LinearRegression().fit(flat, learned.targets[:, -1])
    np.testing.assert_allclose(ours(learned.inputs), theirs.predict(flat), atol=1e-8)


def test_the_linear_model_finds_a_recurrence_and_continues_it() -> None:
    fibonacci = [1.0, 1.0]
    while len(fibonacci) < 30:
        fibonacci.append(0.5 * fibonacci[-1] - 0.9 * fibonacci[-2])
    values = np.array(fibonacci)[:, None]
    model = LinearModel(values[:20], np.ones((20, 1), dtype=bool), 2)
    ahead = roll_out(model, values[None, 18:20], 10)
    np.testing.assert_allclose(ahead[0], values[20:], atol=1e-6)


def test_last_value_and_season_are_what_they_say() -> None:
    values = np.arange(20.0)
    origins = np.array([10, 12])
    assert last_value(values, origins, 3).tolist() == [[9, 9, 9], [11, 11, 11]]
    assert seasonal(values, origins, 6, 4).tolist() == [[6, 7, 8, 9, 6, 7], [8, 9, 10, 11, 8, 9]]


def test_the_period_of_a_wave_on_a_slope_is_found_and_noise_has_none() -> None:
    rows = np.arange(300)
    wave = np.sin(2 * np.pi * rows / 24) + 0.05 * rows
    assert likely_period(wave, longest=100) == 24
    assert likely_period(RNG.normal(size=300), longest=100) is None
    assert likely_period(np.full(300, 5.0), longest=100) is None
