"""Toy data in the plane, where a decision boundary can be drawn: one ``make_*(samples, noise, generator)`` each.

Every function returns ``x``, ``(samples, 2)`` float32 inside [-1.5, 1.5], and
``y``, ``(samples,)`` int64 class numbers from 0. ``noise`` is a standard
deviation in the units of the drawing. Only numpy here.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

EXTENT = 1.5
DEFAULT_SAMPLES = 1500

Made = tuple[np.ndarray, np.ndarray]


def make_spirals(samples: int, noise: float, generator: Generator) -> Made:
    """Three arms of a spiral that turn around each other: no straight line parts any two."""
    y = _classes(samples, 3)
    radius = generator.uniform(0.15, 1.25, samples)
    angle = 2 * np.pi * y / 3 + 3.7 * radius
    return _finish(_polar(radius, angle), y, noise, generator)


def make_moons(samples: int, noise: float, generator: Generator) -> Made:
    """Two half circles that reach into each other."""
    y = _classes(samples, 2)
    angle = generator.uniform(0, np.pi, samples) + np.pi * y
    middle = np.stack([y - 0.5, 0.5 * y - 0.25], axis=1)
    return _finish(0.9 * (_polar(np.ones(samples), angle) + middle), y, noise, generator)


def make_circles(samples: int, noise: float, generator: Generator) -> Made:
    """A small circle inside a large one."""
    y = _classes(samples, 2)
    radius = np.where(y == 0, 1.1, 0.5)
    return _finish(_polar(radius, generator.uniform(0, 2 * np.pi, samples)), y, noise, generator)


def make_xor(samples: int, noise: float, generator: Generator) -> Made:
    """Four squares like a chess board: class 1 where exactly one coordinate is positive."""
    y = _classes(samples, 2)
    size = generator.uniform(0.05, 1.2, (samples, 2))
    side = generator.integers(0, 2, samples)
    signs = np.stack([side, side ^ y], axis=1) * 2 - 1
    return _finish(size * signs, y, noise, generator)


def make_gaussians(samples: int, noise: float, generator: Generator) -> Made:
    """Four round clouds, one class each; ``noise`` is how far they spread."""
    y = _classes(samples, 4)
    return _finish(_polar(np.full(samples, 0.8), np.pi * (0.25 + y / 2)), y, noise, generator)


def _classes(samples: int, classes: int) -> np.ndarray:
    return np.arange(samples) % classes


def _polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _finish(x: np.ndarray, y: np.ndarray, noise: float, generator: Generator) -> Made:
    """Add the noise, shrink the drawing where it leaves its frame, and shuffle."""
    order = generator.permutation(len(y))
    x = x + noise * generator.standard_normal(x.shape)
    x *= min(1.0, EXTENT / np.abs(x).max())
    return x[order].astype(np.float32), y[order].astype(np.int64)
