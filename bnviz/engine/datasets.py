"""What the networks learn from: one word, one ``Data``, made from a run's choices and a seed.

Knows nothing of networks. The seed decides the split, the subset and the toy
drawings through a stream of its own, and wrong labels through another, so every
arm of a seed sees the same examples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from bnviz.datasets import DATASETS, Dataset
from bnviz.engine import images, toys
from bnviz.engine.generators import numpy_generator
from bnviz.fields import whole_number
from bnviz.own_data import arrays_of
from bnviz.own_words import TRAIN_SHARE, is_own
from bnviz.run import Run

NOISE_SEED = 0


@dataclass(frozen=True)
class Data:
    """One seed's data: a pool of examples and which of them train and which test.

    ``pool_x`` is ``(n, features)``, float32 or, a quarter of the size, the
    bytes of pictures (``as_floats``); ``pool_y`` is ``(n,)`` int64 classes;
    ``train`` and ``test`` are int64 indices into the pool. Seeds whose pools
    are equal share one tensor: read it, never write to it. ``plane`` says
    that there are two features, inside [-1.5, 1.5], which can be drawn.
    """

    pool_x: Tensor
    pool_y: Tensor
    train: Tensor
    test: Tensor
    features: int
    classes: int
    plane: bool

    def x(self, indices: Tensor) -> Tensor:
        """The features of these examples: ``(len(indices), features)`` float32, a tensor of their own."""
        return as_floats(self.pool_x[indices])


def as_floats(stored: Tensor, out: Tensor | None = None) -> Tensor:
    """Features as networks take them: float32 as they are, the bytes of pictures as shares of 255."""
    if stored.dtype == torch.uint8:
        stored = (torch.empty(stored.shape) if out is None else out).copy_(stored).mul_(1 / 255)
    return stored


@dataclass(frozen=True)
class Split:
    """The examples themselves: ``(n, features)`` float32 and ``(n,)`` int64, train and test."""

    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor


def load(run: Run, seed: int) -> Data:
    """The data that ``run`` trains on under ``seed``.

    Raises:
        DataUnavailable: an image set whose files are damaged, or missing with
            no network to download them.
        ValueError: the seed is no whole number, or less than 0.
    """
    data = _clean(run, whole_number("seed", seed, 0))
    return mislabelled(data, run.label_noise, seed) if run.label_noise else data


def mislabelled(data: Data, share: float, seed: int) -> Data:
    """The same examples, with the labels of this share of the training ones drawn at random, the right one included.

    Which they are and what is drawn depends on the seed alone, so that a
    larger share contains a smaller one. Test labels stay as they are.

    Source: Zhang et al. 2017, section 2.
    """
    examples, generator = len(data.train), numpy_generator(seed, "labels")
    drawn = torch.from_numpy(generator.integers(data.classes, size=examples))
    chosen = torch.from_numpy(generator.permutation(examples)[: round(share * examples)])
    labels = data.pool_y.clone()
    labels[data.train[chosen]] = drawn[chosen]
    return replace(data, pool_y=labels)


def _clean(run: Run, seed: int) -> Data:
    row = DATASETS[run.dataset]
    noise = row.noise if run.noise is None else run.noise
    if row.plane and not is_own(run.dataset):
        return _points(run.dataset, run.samples or toys.DEFAULT_SAMPLES, noise, seed)
    generator = numpy_generator(seed, "data")
    pool_x, pool_y, trainable = _own(run.dataset, noise) if is_own(run.dataset) else _pictures(
        run.dataset, noise, str(images.data_folder())
    )  # fmt: skip
    if trainable:
        train = generator.permutation(trainable)[: run.samples] if run.samples else np.arange(trainable)
        test = trainable + generator.permutation(len(pool_y) - trainable)  # the first are read: other ones each seed
    else:
        train, test = _split(generator.permutation(len(pool_y)))  # the same test examples whatever ``samples`` is
        train = train[: int(TRAIN_SHARE * run.samples)] if run.samples else train
    return _data(row, pool_x, pool_y, train, test)


def dataset(run: Run, seed: int) -> Split:
    """The same examples as tensors of their own, for a training loop of one's own.

    Raises:
        DataUnavailable: as ``load``.
    """
    data = load(run, seed)
    return Split(data.x(data.train), data.pool_y[data.train], data.x(data.test), data.pool_y[data.test])


def maker(word: str) -> Callable[..., Any]:
    """The function that makes a dataset: ``make_`` and its word."""
    function: Callable[..., Any] = getattr(toys if DATASETS[word].plane else images, f"make_{word}")
    return function


@lru_cache(maxsize=64)
def _points(word: str, samples: int, noise: float, seed: int) -> Data:
    x, y = maker(word)(samples, noise, numpy_generator(seed, "data"))
    return _data(DATASETS[word], torch.from_numpy(x), torch.from_numpy(y), *_split(np.arange(samples)))


@lru_cache(maxsize=4)
def _pictures(word: str, noise: float, folder: str) -> tuple[Tensor, Tensor, int]:
    """One pool for all seeds, bytes where pictures without noise are bytes; files are read once a ``folder``."""
    pixels, labels, trainable = maker(word)()
    x, y = torch.from_numpy(pixels), torch.from_numpy(labels.astype(np.int64))
    return torch.from_numpy(_noisy(as_floats(x).numpy(), noise)) if noise else x, y, trainable


@lru_cache(maxsize=4)
def _own(word: str, noise: float) -> tuple[Tensor, Tensor, int]:
    """One pool for all seeds, as of pictures. Raises InvalidChoice where the examples are not at hand."""
    arrays = arrays_of(word)
    return torch.from_numpy(_noisy(arrays.x.copy(), noise)), torch.from_numpy(arrays.y), 0


def _data(row: Dataset, x: Tensor, y: Tensor, train: np.ndarray, test: np.ndarray) -> Data:
    return Data(x, y, torch.from_numpy(train), torch.from_numpy(test), x.shape[1], row.classes, row.plane)


def _noisy(x: np.ndarray, noise: float) -> np.ndarray:
    """The examples with Gaussian noise on every number: the same for all seeds, so that they share one pool."""
    x += noise * numpy_generator(NOISE_SEED, "data").standard_normal(x.shape, dtype=np.float32)
    return x


def _split(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count = int(TRAIN_SHARE * len(chosen))
    return chosen[:count], chosen[count:]
