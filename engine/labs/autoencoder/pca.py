"""Principal component analysis of the training examples, with NumPy: what the best linear autoencoder would do."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.labs.autoencoder.examples import Examples, examples_of, images
from engine.labs.autoencoder.settings import MOST_NUMBERS, AutoencoderSettings, Data

Matrix = NDArray[np.float64]


class Pca(NamedTuple):
    """Fitted on the training examples, and tried on the test examples."""

    mean: Matrix  # (inputs,)
    components: Matrix  # (numbers, inputs): orthonormal rows, the first explains most
    errors: Matrix  # (numbers + 1,): mean squared error of a test example with so many components; first with none

    def codes(self, examples: NDArray[np.floating], numbers: int) -> Matrix:
        """(n, numbers)."""
        return np.asarray((examples - self.mean) @ self.components[:numbers].T)

    def decoded(self, codes: NDArray[np.floating]) -> Matrix:
        """(n, inputs), of codes of any length."""
        return np.asarray(self.mean + codes @ self.components[: codes.shape[1]])


def pca_of(settings: AutoencoderSettings) -> Pca:
    """Of the examples that the settings ask for."""
    return _of_images(settings.examples) if settings.is_images else fitted(examples_of(settings))


@cache
def _of_images(data: Data) -> Pca:
    return fitted(images(data))


def fitted(examples: Examples) -> Pca:
    """Up to MOST_NUMBERS components."""
    train = examples.train.astype(np.float64)
    mean = train.mean(0)
    train -= mean
    _, vectors = np.linalg.eigh(train.T @ train)  # from the least to the greatest
    components = np.ascontiguousarray(vectors.T[::-1][:MOST_NUMBERS])
    test = examples.test - mean
    explained = ((test @ components.T) ** 2).mean(0)
    errors = np.maximum((test**2).sum(1).mean() - np.concatenate([[0.0], np.cumsum(explained)]), 0.0)
    return Pca(mean, components, errors)


def subspace_angle(decoder: NDArray[np.floating], pca: Pca) -> float:
    """Degrees between the space that a linear decoder (numbers, inputs) reaches and PCA's of as many components.

    The largest principal angle: 0 if they are the same, 90 if the one holds a direction that is square to the other.
    """
    directions, _ = np.linalg.qr(decoder.astype(np.float64).T)  # (inputs, numbers)
    beside = directions - pca.components[: decoder.shape[0]].T @ (pca.components[: decoder.shape[0]] @ directions)
    return float(np.degrees(np.arcsin(min(float(np.linalg.norm(beside, 2)), 1.0))))
