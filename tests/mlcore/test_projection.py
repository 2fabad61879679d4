"""Maps of points: against scikit-learn, and steady from one picture to the next."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mlcore.projection import Floats, follow_plane, pca_plane, random_axes


@pytest.fixture
def points() -> Floats:
    rng = np.random.default_rng(3)
    return rng.standard_normal((30, 12)) @ rng.standard_normal((12, 12))


def test_the_plane_is_that_of_scikit_learn(points: Floats) -> None:
    plane = pca_plane(points)
    oracle = PCA(n_components=2).fit(points)
    ours, theirs = plane.map(points), oracle.transform(points)
    np.testing.assert_allclose(plane.explained, oracle.explained_variance_ratio_)
    # A component's sign is arbitrary: ours is fixed by another rule.
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-9)
    np.testing.assert_allclose(np.abs((ours * theirs).sum(axis=0)), (theirs**2).sum(axis=0))


def test_the_picture_does_not_depend_on_the_order_of_the_points(points: Floats) -> None:
    np.testing.assert_allclose(pca_plane(points).map(points), pca_plane(points[::-1]).map(points), atol=1e-9)


@pytest.mark.parametrize("count", [1, 2])
def test_few_points_still_have_a_map(count: int) -> None:
    few = np.arange(count * 4, dtype=float).reshape(count, 4)
    assert np.isfinite(pca_plane(few).map(few)).all()


def test_points_in_one_place_have_a_map() -> None:
    same = np.ones((5, 4))
    assert pca_plane(same).map(same).tolist() == [[0, 0]] * 5
    assert np.isfinite(follow_plane(same, random_axes(4, seed=0)).map(same)).all()


def test_following_still_points_arrives_at_their_plane(points: Floats) -> None:
    followed = follow_plane(points, random_axes(12, seed=0), steps=300)
    best = pca_plane(points)
    # The same plane, whatever axes on it: the projections onto it agree.
    np.testing.assert_allclose(followed.axes @ followed.axes.T, best.axes @ best.axes.T, atol=1e-6)
    assert sum(followed.explained) == pytest.approx(sum(best.explained))


def test_following_keeps_axes_that_fit_already(points: Floats) -> None:
    best = pca_plane(points)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    np.testing.assert_allclose(follow_plane(points, best.axes @ turn).axes, best.axes @ turn, atol=1e-9)


def test_a_map_that_follows_moves_only_a_little_when_the_points_do(points: Floats) -> None:
    rng = np.random.default_rng(0)
    plane = follow_plane(points, random_axes(12, seed=0), steps=300)
    before = plane.map(points)
    moved = points + 1e-3 * rng.standard_normal(points.shape)
    after = follow_plane(moved, plane.axes).map(moved)
    assert np.abs(after - before).max() < 0.05
