"""What a network says of a picture that it has never seen: with the statistics of a mini-batch, and in eval mode."""

from __future__ import annotations

import torch
from torch import Tensor

from bnviz.engine.devices import one_thread_without_denormals
from bnviz.engine.network import forward
from bnviz.engine.probes.evaluation import eval_logits
from bnviz.engine.trace import StackView


def answers(view: StackView, batch: Tensor, x: Tensor) -> Tensor:
    """The probabilities of the classes in train and in eval mode, ``(modes, runs, classes)``.

    In train mode the picture takes the first place of ``batch``, the
    mini-batch ``(runs, features, examples)`` that every run learns from next;
    nothing drops out and no noise is added, so that the statistics alone make
    the difference. ``x`` is ``(features,)``.

    Source: Ioffe & Szegedy 2015, section 3.1.
    """
    with one_thread_without_denormals(), torch.inference_mode():
        company = batch.clone()
        company[..., 0] = x
        alone = x[None, :, None].expand(len(batch), -1, 1).contiguous()
        logits = forward(view.run, view.layers, company).logits, eval_logits(view.run, view.layers, view.running, alone)
        return torch.stack([each[..., 0].softmax(1) for each in logits])
