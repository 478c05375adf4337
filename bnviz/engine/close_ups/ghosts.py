"""Ghost batches: what one unit of a trained network makes of every training example, before BN normalizes it."""

from __future__ import annotations

import numpy as np
import torch

from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.stack import Stack
from bnviz.run import Run

SEED, STEPS, UNIT = 0, 300, 0


def ghosts(run: Run) -> dict[str, np.ndarray]:
    """The first unit's pre-activations of all training examples, ``x (examples,)``.

    In the first layer nothing below depends on who else is asked, so that any
    mini-batch, however it is divided, can be put together from them.
    """
    data = load(run, SEED)
    stack = Stack([run], [SEED], [data])
    stack.advance(STEPS)
    with torch.inference_mode():
        first = forward(run, stack.at_rest().layers, data.x(data.train).T[None]).layers[0]
    return {"x": first.pre_activation[0, UNIT].numpy().astype(np.float16)}
