"""The company: three test digits, asked a hundred times each in train mode, every time among other test digits."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.probes.evaluation import eval_logits
from bnviz.engine.stack import Stack
from bnviz.engine.trace import StackView
from bnviz.run import Run

SEED, STEPS = 0, 300
SIZES = (2, 8, 64)
COMPANIES = 100
ORDERED_BY = 1
"""Which of the sizes says how steady a digit is: the middle one."""

STEADINESS = (0.1, 0.5, 0.9)
"""Whom to look at: digits at these shares of the way from the steadiest to the shakiest."""


def company(run: Run) -> dict[str, np.ndarray]:
    """What is said of three digits in a hundred mini-batches of each size, and in eval mode.

    All test digits are ordered by how often seven others change their answer,
    in mini-batches of their own; then three are asked anew. ``pictures`` are
    the test digits, ``(test, 64)`` from 0 to 16, ``labels`` what they are;
    ``digits`` and ``places`` are who was chosen, and where they stand in the
    order. ``mates_2``, ``mates_8`` and ``mates_64`` are the others,
    ``(companies, size - 1)``, the same for all three; ``probabilities``
    ``(digits, sizes, companies, classes)`` and ``alone`` ``(digits, classes)``
    what the network says in train mode among them, and in eval mode.
    ``changed`` is the share of other answers than in eval mode, of all digits
    and as many mini-batches, ``(sizes,)``.

    Source: Ioffe & Szegedy 2015, section 3.1.
    """
    data = load(run, SEED)
    stack = Stack([run], [SEED], [data])
    stack.advance(STEPS)
    view, x = stack.at_rest(), data.x(data.test)
    with torch.inference_mode():
        alone = eval_logits(run, view.layers, view.running, x.T[None])[0].softmax(0).T
        generator = np.random.default_rng(SEED)
        changed = np.stack([_changed(view, x, alone, size, generator) for size in SIZES])
        order = np.lexsort((-alone.max(1).values.numpy(), changed[ORDERED_BY]))
        places = np.array([round(share * len(x)) for share in STEADINESS])
        digits = order[places - 1]
        others = np.setdiff1d(np.arange(len(x)), digits)
        mates = [companies(others, size, generator) for size in SIZES]
        asked = np.stack([np.stack([among(view, x, int(digit), with_whom) for with_whom in mates]) for digit in digits])
    return {
        "pictures": (16 * x).round().to(torch.uint8).numpy(), "labels": data.pool_y[data.test].to(torch.uint8).numpy(),
        "digits": digits.astype(np.uint16), "places": places.astype(np.uint16),
        **{f"mates_{size}": own.astype(np.uint16) for size, own in zip(SIZES, mates, strict=True)},
        "probabilities": asked.astype(np.float16), "alone": alone[digits].numpy().astype(np.float16),
        "changed": changed.mean(1),
    }  # fmt: skip


def among(view: StackView, x: Tensor, digit: int, mates: np.ndarray) -> np.ndarray:
    """The digit's probabilities in train mode in each of these companies, ``(companies, classes)``."""
    count = len(mates)
    together = torch.from_numpy(np.concatenate([np.full((count, 1), digit), mates], 1))
    layers = [layer.map(lambda each: each.expand(count, *each.shape[1:])) for layer in view.layers]
    logits = forward(view.run, layers, x[together].transpose(1, 2)).logits
    return np.asarray(logits[..., 0].softmax(1).numpy())


def _changed(view: StackView, x: Tensor, alone: Tensor, size: int, generator: np.random.Generator) -> np.ndarray:
    """How often each digit is named otherwise than in eval mode, ``(digits,)``."""
    everybody = range(len(x))
    return np.array([
        (among(view, x, digit, companies(np.delete(everybody, digit), size, generator)).argmax(1)
         != int(alone[digit].argmax())).mean()
        for digit in everybody
    ])  # fmt: skip


def companies(others: np.ndarray, size: int, generator: np.random.Generator) -> np.ndarray:
    """A hundred times so many of the others that they are ``size`` with one more, none twice."""
    return np.stack([generator.choice(others, size - 1, replace=False) for _ in range(COMPANIES)])
