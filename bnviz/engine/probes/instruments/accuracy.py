"""How many examples are named right, in training and in test.

In test it depends on which statistics normalize: the running ones, the
population's, the test examples' own, those of eight batch mates. Without batch
normalization there are none to choose, and all accuracies on the same inputs
are one.
"""

from __future__ import annotations

import torch
from torch import Tensor

from bnviz.engine.network import forward
from bnviz.engine.normalizations import NORMALIZATIONS
from bnviz.engine.probes.evaluation import eval_logits, folds
from bnviz.engine.probes.instruments.context import Context, share, share_right

CONTRAST, BRIGHTNESS = 0.5, 0.3
"""Altered test inputs: all features times this, or plus this."""

MATES = 8
"""How many examples are normalized together in the small batches, the example itself included."""

FORGOTTEN = 0.01
"""What running statistics began with is forgotten when it weighs no more than this in them."""


def memory(context: Context) -> dict[str, Tensor]:
    """``train_accuracy``: the share of training examples named as their labels say, right or wrong, in eval mode."""
    logits = context.logits(context.train.x, context.stack.running)
    return {"train_accuracy": share_right(logits, context.train.labels)}


def modes(context: Context) -> dict[str, Tensor]:
    """Test accuracy under each choice of statistics, ``(runs,)``, and how far eval mode is from what trained.

    ``accuracy_population`` recomputes the statistics from training examples,
    ``accuracy_batch`` takes those of the test examples themselves; with
    ``contrast`` inputs are halved, with ``brightness`` 0.3 is added.
    ``accuracy_small_batch`` normalizes consecutive test examples by eights, and
    ``mates_disagree`` is the share of them that eval mode names otherwise.

    Source: Ioffe & Szegedy 2015, section 3.1.
    """
    running, (x, labels) = context.stack.running, context.test
    dark, bright = CONTRAST * x, BRIGHTNESS + x
    shown = {
        "accuracy_population": context.logits(x, context.population(context.train.x)),
        "accuracy_batch": context.logits(x),
        "accuracy_contrast": context.logits(dark, running),
        "accuracy_contrast_batch": context.logits(dark),
        "accuracy_brightness": context.logits(bright, running),
        "accuracy_brightness_batch": context.logits(bright),
    }
    eval_mode, among_mates = context.logits(x, running), by_eights(context, x)
    alone = eval_mode[..., : among_mates.shape[2]]
    return {
        **{quantity: share_right(logits, labels) for quantity, logits in shown.items()},
        "accuracy_small_batch": share_right(among_mates, labels[:, : among_mates.shape[2]]),
        "mates_disagree": share(among_mates.argmax(1) != alone.argmax(1), among_mates, alone),
        "fold_error": fold_error(context, eval_mode),
        "variance_ratio": variance_ratio(context),
    }


def by_eights(context: Context, x: Tensor) -> Tensor:
    """The logits when consecutive examples are normalized by eights; what is left over at the end is left out.

    In one pass as ghost batches, or where a picture's places stand between the examples, eight by eight.
    """
    run, even = context.undivided, x[..., : x.shape[2] // MATES * MATES]
    if not run.uses_batch:
        return context.logits(even)
    if run.network == "mlp":
        return forward(run.replace(ghost_size=MATES, batch_size=MATES), context.stack.layers, even).logits
    return torch.cat([context.logits(mates) for mates in torch.split(even, MATES, 2)], 2)


def fold_error(context: Context, eval_mode: Tensor) -> Tensor:
    """The largest difference that folding batch normalization into the linear layers makes to a logit, ``(runs,)``.

    NaN where there is none to fold.
    """
    run, layers, running = context.undivided, context.stack.layers, context.stack.running
    if not running or run.network != "mlp" or not folds(run):
        return torch.full((len(eval_mode),), torch.nan)
    return (eval_logits(run, layers, running, context.test.x) - eval_mode).abs().amax((1, 2))


def variance_ratio(context: Context) -> Tensor:
    """The running variance as a multiple of the variance that eval mode meets, ``(runs, layers)``; the median unit's.

    It is 1 where the network trains as it is used. Dropout, which is on in
    training only, makes it grow from layer to layer: the variance shift. NaN
    while the running variance is still on its way from 1, where it begins.
    Where every time step has statistics of its own, each meets its own step.

    Source: Li et al. 2018, section 3.
    """
    run, layers, running = context.undivided, context.stack.layers, context.stack.running
    if not running or (1 - run.bn_momentum) ** context.stack.step > FORGOTTEN:
        return torch.full((len(context.test.x), run.depth), torch.nan)
    trace, ratios = forward(run, layers, context.train.x, running), []
    for known, layer in zip(running, trace.layers, strict=True):
        assert layer.normalization_input is not None
        x = layer.normalization_input
        by_step = x.reshape(len(x), -1, x.shape[2] // known.var.shape[2])
        met = NORMALIZATIONS[run.normalization](by_step, run, None).var
        assert met is not None
        ratios.append((known.var.flatten(1, 2)[..., None] / met).flatten(1).median(1).values)
    return torch.stack(ratios, 1)
