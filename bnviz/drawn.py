"""A digit that a reader draws, and what the networks answer: every floor reads it, and it needs no torch."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.run import Run

DIGITS = ("digits", "digits_normalized", "digits_whitened", "mnist", "mnist_binary")
"""The datasets whose pictures a reader can draw."""

MODES = ("train", "eval")
"""With the statistics of a mini-batch that the drawing is one of, and with the running ones."""

MOST_LETTERS = 1200
"""No drawing is longer: 28 x 28 bytes in base64."""


@dataclass(frozen=True)
class Answer:
    """What the networks of every arm whose pictures have this size say of a ``drawing`` at one step.

    Arm to the probabilities of the classes, ``(modes, classes)``, means over the seeds.
    """

    step: int
    drawing: str
    arms: Mapping[str, np.ndarray]


def side_of(experiment: Experiment) -> int:
    """Pixels of a side of a drawing that these networks can be asked about; 0 where nobody has learned digits."""
    return next((DATASETS[run.dataset].side for run in experiment.arms.values() if run.dataset in DIGITS), 0)


def answers(run: Run, pixels: int) -> bool:
    """Whether this network can be asked about a drawing of so many pixels."""
    return run.dataset in DIGITS and DATASETS[run.dataset].features == pixels


def pixels_of(drawing: str) -> np.ndarray:
    """The shades of a drawing, 0 to 1, row by row from the top: ``(pixels,)`` float32.

    Raises:
        ValueError: it is none.
    """
    try:
        data = base64.b64decode(drawing, validate=True)
    except binascii.Error as error:
        raise ValueError("these letters are no drawing.") from error
    if len(data) not in {DATASETS[word].features for word in DIGITS}:
        raise ValueError(f"a drawing had {len(data)} pixels.")
    return np.frombuffer(data, np.uint8).astype(np.float32) / 255


def name_of(drawing: str) -> str:
    """A short name of a drawing: equal ones share it."""
    return hashlib.blake2b(drawing.encode(), digest_size=8).hexdigest()
