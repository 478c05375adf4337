"""What a stateful part of a stack remembers, as named tensors, so that training can go on elsewhere.

A part has ``state()``, what decides its future, and ``load(state)``, which
makes it remember that instead. Names are joined with dots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

State = Mapping[str, Tensor]


def under(name: str, state: State) -> dict[str, Tensor]:
    """The state of a part, with the part's name in front."""
    return {f"{name}.{key}": tensor for key, tensor in state.items()}


def beneath(name: str, state: State) -> dict[str, Tensor]:
    """The state of the part of this name."""
    return {key.removeprefix(f"{name}."): tensor for key, tensor in state.items() if key.startswith(f"{name}.")}


def to_arrays(state: State) -> dict[str, np.ndarray]:
    """The state as arrays of its own, float32, float64, int64 or uint8."""
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in state.items()}


def from_arrays(arrays: Mapping[str, np.ndarray], like: State, free: Sequence[str] = ()) -> dict[str, Tensor]:
    """The state of ``to_arrays``, if it has the names, shapes and types of ``like``.

    Shapes may differ where a name ends like one that is ``free``.

    Raises:
        ValueError: what does not fit, in one sentence.
    """
    if arrays.keys() != like.keys():
        odd = sorted(arrays.keys() ^ like.keys())[0]
        raise ValueError(f"this checkpoint does not belong to the experiment: {odd[:60]!r} is on one side only.")
    found = {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}
    for name, tensor in found.items():
        fits = tensor.shape == like[name].shape or name.endswith(tuple(free))
        if tensor.dtype != like[name].dtype or not fits:
            raise ValueError(
                f"this checkpoint does not belong to the experiment: {name[:60]!r} is {tuple(tensor.shape)} "
                f"{tensor.dtype}, not {tuple(like[name].shape)} {like[name].dtype}."
            )
    return found
