"""What decoding may and may not return, for any scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mlcore.decoding import Decoding, draw, softmax

Floats = npt.NDArray[np.float64]
any_scores = arrays(np.float64, array_shapes(min_dims=1, max_dims=2, max_side=12), elements=st.floats(-40, 40))
any_decoding = st.builds(
    Decoding,
    temperature=st.one_of(st.just(0.0), st.floats(0.05, 5)),
    top_k=st.integers(0, 14),
    top_p=st.floats(0.01, 1),
)


@given(any_scores, any_decoding)
def test_a_distribution_sums_to_one_and_has_nothing_below_zero(scores: Floats, decoding: Decoding) -> None:
    probabilities = decoding.probabilities(scores)
    assert probabilities.shape == scores.shape
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, atol=1e-12)


@given(any_scores, any_decoding, st.integers(0, 2**32 - 1))
def test_nothing_is_drawn_that_top_k_or_top_p_left_out(scores: Floats, decoding: Decoding, seed: int) -> None:
    chosen = draw(decoding.probabilities(scores), np.random.default_rng(seed))
    likelier = (scores > np.take_along_axis(scores, chosen[..., None], axis=-1)).sum(axis=-1)
    if decoding.top_k:
        assert (likelier < decoding.top_k).all()
    if decoding.temperature:
        each = softmax(scores / decoding.temperature)
        theirs = np.take_along_axis(each, chosen[..., None], axis=-1)
        before = np.where(each > theirs * (1 + 1e-9), each, 0).sum(axis=-1)
        assert (before < decoding.top_p + 1e-9).all()


@given(any_scores, st.integers(0, 14), st.floats(0.01, 1), st.integers(0, 2**32 - 1))
def test_temperature_zero_takes_the_likeliest(scores: Floats, top_k: int, top_p: float, seed: int) -> None:
    probabilities = Decoding(0, top_k, top_p).probabilities(scores)
    assert np.array_equal(draw(probabilities, np.random.default_rng(seed)), scores.argmax(axis=-1))


@given(any_scores, any_decoding, st.integers(0, 2**32 - 1))
def test_a_seed_fixes_the_draw(scores: Floats, decoding: Decoding, seed: int) -> None:
    probabilities = decoding.probabilities(scores)
    first = draw(probabilities, np.random.default_rng(seed))
    assert np.array_equal(first, draw(probabilities, np.random.default_rng(seed)))


def test_top_k_keeps_exactly_so_many_also_among_equals() -> None:
    probabilities = Decoding(top_k=2).probabilities([1.0, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(probabilities, [0.5, 0.5, 0, 0])


def test_top_p_keeps_the_fewest_that_reach_it() -> None:
    scores = np.log([0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(Decoding(top_p=0.79).probabilities(scores), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(Decoding(top_p=0.81).probabilities(scores), np.array([50, 30, 15, 0]) / 95)


def test_draws_come_as_often_as_their_probability_says() -> None:
    scores = np.log([0.5, 0.3, 0.2])
    many = draw(Decoding().probabilities(np.tile(scores, (20_000, 1))), np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(many) / 20_000, [0.5, 0.3, 0.2], atol=0.015)


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"top_k": -1}, {"top_p": 0}, {"top_p": 1.1}])
def test_settings_without_a_meaning_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Decoding(**wrong)  # type: ignore[arg-type]
