"""What the networks learn from: one word, one ``Data``, made from a run's choices and a seed.

Knows nothing of networks. The seed decides the split, the subset and the toy
drawings through a stream of its own, and wrong labels through another, so every
arm of a seed sees the same examples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.generators import numpy_generator
from bnviz.engine.images import PUBLISHED, data_folder, load_images
from bnviz.engine.toys import DEFAULT_SAMPLES, TOYS
from bnviz.run import Run

TRAIN_SHARE = 0.8
NOISE_SEED = 0
BRIGHT = 127
"""Pixels above this, half of 255, are 1 in a binary picture."""


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
    """
    data = _clean(run, seed)
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
    if run.dataset in TOYS:
        return _toy(run.dataset, run.samples, run.noise, seed)
    generator = numpy_generator(seed, "data")
    if run.dataset in PUBLISHED:
        pool_x, pool_y, trainable = _pictures(run.dataset, run.noise or 0.0, str(data_folder()))
        train = generator.permutation(trainable)[: run.samples] if run.samples else np.arange(trainable)
        test = np.arange(trainable, len(pool_y))
    else:
        pool_x, pool_y = _digits(run.noise or 0.0)
        train, test = _split(generator.permutation(len(pool_y)))  # the same test examples whatever ``samples`` is
        train = train[: int(TRAIN_SHARE * run.samples)] if run.samples else train
    return Data(pool_x, pool_y, torch.from_numpy(train), torch.from_numpy(test), pool_x.shape[1], 10, plane=False)


def dataset(run: Run, seed: int) -> Split:
    """The same examples as tensors of their own, for a training loop of one's own.

    Raises:
        DataUnavailable: as ``load``.
    """
    data = load(run, seed)
    return Split(data.x(data.train), data.pool_y[data.train], data.x(data.test), data.pool_y[data.test])


@lru_cache(maxsize=64)
def _toy(name: str, samples: int | None, noise: float | None, seed: int) -> Data:
    toy, generator = TOYS[name], numpy_generator(seed, "data")
    x, y = toy.make(samples or DEFAULT_SAMPLES, toy.noise if noise is None else noise, generator)
    train, test = (torch.from_numpy(part) for part in _split(np.arange(len(y))))
    return Data(torch.from_numpy(x), torch.from_numpy(y), train, test, 2, toy.classes, plane=True)


@lru_cache(maxsize=4)
def _digits(noise: float) -> tuple[Tensor, Tensor]:
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return torch.from_numpy(_noisy((x / 16).astype(np.float32), noise)), torch.from_numpy(y.astype(np.int64))


@lru_cache(maxsize=2)
def _pictures(name: str, noise: float, folder: str) -> tuple[Tensor, Tensor, int]:
    """Train and test pictures in one pool, bytes without noise, and how many of them are for training.

    They are read once a ``folder``.
    """
    images = load_images(PUBLISHED[name])
    pixels = np.concatenate([images.train_x, images.test_x])
    x = torch.from_numpy(255 * (pixels > BRIGHT).astype(np.uint8) if name == "mnist_binary" else pixels)
    y = torch.from_numpy(np.concatenate([images.train_y, images.test_y]).astype(np.int64))
    return torch.from_numpy(_noisy(as_floats(x).numpy(), noise)) if noise else x, y, len(images.train_y)


def _noisy(x: np.ndarray, noise: float) -> np.ndarray:
    """The pictures with Gaussian noise on every pixel: the same for all seeds, so that they share one pool."""
    if noise:
        x += noise * numpy_generator(NOISE_SEED, "data").standard_normal(x.shape, dtype=np.float32)
    return x


def _split(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count = int(TRAIN_SHARE * len(chosen))
    return chosen[:count], chosen[count:]
