"""A convolutional network's first filters, and what they answer on one real picture: as bytes, for a picture of both.

Everything is in train mode on the probe batch, of which the first picture is shown.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from bnviz.engine import convolution
from bnviz.engine.hidden import hidden
from bnviz.engine.trace import StackView
from bnviz.quantities import SHOWN_FILTERS, STRONGEST, UNREAD, ZERO_WEIGHT
from bnviz.strides import KERNEL, sides


def feature_maps(view: StackView, x: Tensor, rows: list[int]) -> dict[str, np.ndarray]:
    """``filters`` ``(rows, shown, 3, 3)`` and ``feature_maps`` ``(rows, 1 + shown, side, side)`` of some runs: bytes.

    A filter's weights are ``127 + 127 w / max |w|``, so that 127 is 0. What
    comes out of the nonlinearity is ``254 (a - low) / (max a - low)`` with
    ``low = min(0, min a)``, and the first of the maps is the picture itself by
    the same rule; both extremes are over all of a run's filters on that
    picture. 255 stands where a network is not finite.
    """
    run, side = view.run, sides(x.shape[1], view.run.depth)[0]
    layer, batch = view.layers[0].map(lambda p: p[rows]), x[rows]
    columns = convolution.patches(batch, side, 1)
    answers = hidden(run, layer, columns, None, side**2).post_activation
    first = torch.unflatten(answers, 2, (side, side, -1))[..., 0]
    picture = torch.unflatten(batch[:, None, :, 0], 2, (side, side))
    weights = layer.weight
    shares = weights / weights.abs().amax((1, 2), keepdim=True)
    filters = _bytes(ZERO_WEIGHT * (1 + shares)).reshape(len(rows), -1, KERNEL, KERNEL)
    maps = torch.cat([_from_low_to_high(picture), _from_low_to_high(first)], 1)
    return {"filters": filters[:, :SHOWN_FILTERS], "feature_maps": _bytes(maps)[:, : 1 + SHOWN_FILTERS]}


def _from_low_to_high(values: Tensor) -> Tensor:
    low, high = values.amin((1, 2, 3), keepdim=True).clamp(max=0), values.amax((1, 2, 3), keepdim=True)
    return STRONGEST * (values - low) / (high - low).clamp(min=torch.finfo(values.dtype).tiny)


def _bytes(values: Tensor) -> np.ndarray:
    return torch.where(values.isfinite(), values.round(), UNREAD).to(torch.uint8).numpy()
