"""What a network knows by heart."""

from __future__ import annotations

from torch import Tensor

from bnviz.engine.probes.instruments.sight import Sight, share_right


def memory(sight: Sight) -> dict[str, Tensor]:
    """``train_accuracy``: the share of training examples named as their labels say, right or wrong, in eval mode."""
    logits = sight.logits(sight.train.x, sight.watched.running)
    return {"train_accuracy": share_right(logits, sight.train.labels)}
