"""Two-dimensional maps of high-dimensional points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """A plane through the middle of some points: `centre` (D,), orthonormal `axes` (D, 2)."""

    centre: Floats
    axes: Floats
    explained: tuple[float, float]
    """The share of the points' variance along each axis, 0 to 1."""

    def map(self, points: Floats) -> Floats:
        """Where `points` (N, D) fall on the plane: (N, 2)."""
        return np.asarray((points - self.centre) @ self.axes)


def pca_plane(points: Floats) -> Plane:
    """The plane on which `points` (N, D) spread most: their first two principal components.

    Pearson 1901, computed by a singular value decomposition. A component's sign is arbitrary; here its largest entry
    is positive, so that equal points always give the same picture.
    """
    centre = points.mean(axis=0)
    _, singular, right = np.linalg.svd(points - centre, full_matrices=False)
    axes = np.zeros((points.shape[1], 2))
    found = right[:2].T
    axes[:, : found.shape[1]] = found * np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
    variance = np.zeros(2)
    variance[: len(singular[:2])] = singular[:2] ** 2
    first, second = (float(share) for share in variance / max(float((singular**2).sum()), 1e-30))
    return Plane(centre, axes, (first, second))


def random_axes(dimensions: int, seed: int) -> Floats:
    """Two orthonormal axes (D, 2) to begin with."""
    return _nearest_orthonormal(np.random.default_rng(seed).standard_normal((dimensions, 2)))


def follow_plane(points: Floats, axes: Floats, *, steps: int = 1) -> Plane:
    """The plane of `points` (N, D), reached from the `axes` (D, 2) of the picture before.

    Principal components of points that move may swap, mirror or turn from one moment to the next, and a map of them
    jumps. This goes `steps` steps of subspace iteration from the last axes towards the same plane and takes, of all
    axes on it, those nearest to the last ones (a polar decomposition, Schönemann's orthogonal Procrustes problem,
    1966). The map then moves only as much as the points do.
    """
    centred = points - points.mean(axis=0)
    for _ in range(steps):
        axes = _nearest_orthonormal(centred.T @ (centred @ axes))
    return plane_along(points, axes)


def plane_along(points: Floats, axes: Floats) -> Plane:
    """The plane through the middle of `points` (N, D) along given orthonormal `axes` (D, 2)."""
    centre = points.mean(axis=0)
    centred = points - centre
    total = max(float((centred**2).sum()), 1e-30)
    first, second = (float(share) for share in ((centred @ axes) ** 2).sum(axis=0) / total)
    return Plane(centre, axes, (first, second))


def _nearest_orthonormal(matrix: Floats) -> Floats:
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(left @ right)
