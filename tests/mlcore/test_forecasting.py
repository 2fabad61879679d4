"""A forecast sees the past alone, errors are in the unit of the data, and the band holds what it promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from mlcore.data.series import Feature, Series, SeriesError, from_rows
from mlcore.forecasting import Band, Errors, Problem
from mlcore.windows import Floats

RNG = np.random.default_rng(2)


def series(values: Floats) -> Series:
    start = datetime(2000, 1, 1)
    return from_rows("test", [Feature("v", "kg")], values[:, None], start=start, every="day", period=7)


WALK = series(100 + np.cumsum(RNG.normal(size=300)))


def keeps(problem: Problem) -> object:
    """The network that forecasts no change."""
    zero = (0 - problem.scaler.mean) / problem.scaler.scale
    return (
        (lambda inputs: np.repeat(zero[None], len(inputs), 0)) if problem.differences else lambda inputs: inputs[:, -1]
    )


@pytest.mark.parametrize("differences", [False, True])
def test_a_network_that_expects_no_change_is_the_last_value(differences: bool) -> None:
    problem = Problem(WALK, window=10, horizon=5, differences=differences)
    origins = problem.origins(255, 300, ahead=5)
    forecast = problem.forecast(keeps(problem), origins, 5)  # type: ignore[arg-type]
    np.testing.assert_allclose(forecast, problem.baselines()["last"](origins, 5), rtol=1e-5)


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("name", ["last", "seasonal", "linear"])
def test_no_forecast_sees_what_comes_later(name: str, differences: bool) -> None:
    other = WALK.values.copy()
    other[260:] += 1000
    one, two = (Problem(s, window=10, horizon=5, differences=differences) for s in (WALK, replace(WALK, values=other)))
    origins = np.array([250, 260])
    np.testing.assert_array_equal(one.baselines()[name](origins, 5), two.baselines()[name](origins, 5))
    np.testing.assert_array_equal(one.inputs(origins), two.inputs(origins))


def test_the_scaler_sees_the_part_that_is_learned_from_alone() -> None:
    problem = Problem(WALK, window=10, horizon=5)
    learned = WALK.values[: problem.parts.train]
    assert problem.scaler.mean[0] == pytest.approx(learned.mean())
    assert problem.scaler.scale[0] == pytest.approx(learned.std())


def test_origins_keep_their_whole_horizon_inside_the_part() -> None:
    problem = Problem(WALK, window=10, horizon=5)
    assert problem.origins(255, 300, ahead=5).tolist() == list(range(255, 296))
    some = problem.origins(255, 300, ahead=5, most=4)
    assert len(some) == 4
    assert (some[0], some[-1]) == (255, 295)


def test_errors_are_in_the_unit_and_leave_out_what_nobody_measured() -> None:
    known = WALK.known.copy()
    known[290] = False
    problem = Problem(replace(WALK, known=known), window=10, horizon=2)
    wrong = problem.errors(WALK.values[[289, 290, 291], 0][:, None] + 3.0, np.array([289, 290, 291]))
    assert wrong[:, 0].tolist() == [pytest.approx(3), pytest.approx(np.nan, nan_ok=True), pytest.approx(3)]
    errors = Errors.of(wrong)
    assert errors.mae == pytest.approx(3)
    assert errors.rmse == pytest.approx(3)
    assert Errors.of(np.full((2, 2), np.nan)) == Errors(None, None)


def test_the_band_holds_its_share_of_the_errors_it_was_made_of() -> None:
    wrong = RNG.normal(size=(2000, 3)) * [1, 2, 3] + 0.5
    band = Band.of(wrong)
    assert band.coverage(wrong) == pytest.approx(0.8, abs=0.01)
    np.testing.assert_allclose(band.low, np.quantile(-wrong, 0.1, axis=0))
    assert band.coverage(wrong + 100) == 0
    assert (band.high - band.low)[2] > (band.high - band.low)[0]


@pytest.mark.parametrize(
    ("values", "window", "horizon", "words"),
    [
        (np.arange(30.0), 20, 1, "30 rows, too few for windows of 20"),
        (np.arange(100.0), 20, 50, "too short to look 50 rows ahead. Choose 8 or less"),
        (np.full(200, 7.0), 20, 5, "“v” is 7 in every row"),
        (np.concatenate([np.full(180, 7.0), np.arange(20)]), 20, 5, "“v” is 7 in every row"),
        (np.where(np.arange(200) % 3 == 0, np.arange(200.0), np.nan), 20, 5, "More than half of “v” is missing"),
        (np.where(np.arange(200) < 180, np.sin(np.arange(200.0)), np.nan), 20, 5, "missing in the part that is tested"),
        (np.arange(200.0) * 1e300, 20, 5, r"“v” holds a value as large as 1\.99e\+302; up to 1e\+15"),
    ],
)
def test_a_series_that_teaches_nothing_is_refused_with_what_to_do(
    values: Floats, window: int, horizon: int, words: str
) -> None:
    with pytest.raises(SeriesError, match=words):
        Problem(series(values), window=window, horizon=horizon)
