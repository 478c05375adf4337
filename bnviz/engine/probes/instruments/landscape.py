"""The loss landscape along the gradient: what it promises of a step, and how far a step down it can be trusted.

Santurkar et al. 2018 walk from the weights w down the gradient g, and ask how
the loss and the gradient change on the way. Everything is of one mini-batch,
in train mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bnviz.engine.network import forward, losses
from bnviz.engine.probes.gradients import step
from bnviz.engine.probes.instruments.context import Context, Examples, flat, loss_and_gradient
from bnviz.engine.trace import Layer
from bnviz.quantities import WALK
from bnviz.run import Run

MULTIPLES = (0.5, 1.0, 2.0, 4.0)
"""The walk stops at so many learning rates."""

MEASURABLE = 1e-12
"""A decrease smaller than this share of the loss is lost in the rounding of float64."""


def landscape(context: Context) -> dict[str, Tensor]:
    """What the loss does between half a step and four steps down its gradient, ``(runs,)`` each but for the walk.

    With ``w' = w - eta g`` and ``g' = grad L(w')`` at ``eta = lr * (.5, 1, 2, 4)``:
    ``loss_range = max L(w') - min L(w')``; ``loss_steepness = max |L(w') - L(w)| / (eta ||g||)``;
    ``gradient_predictiveness = max ||g' - g||``;
    ``effective_smoothness = max ||g' - g|| / (eta ||g||)``; ``gradient_alignment`` is the
    mean cosine of g and g'; and at ``eta = lr`` ``fidelity = (L(w) - L(w')) / (lr ||g||^2)``,
    the decrease as a share of ``promised_decrease = lr ||g||^2``. ``loss_along`` is ``L(w')`` of the
    first seed at 21 places from here to two steps away, ``(first, 21)``. Steepness and
    smoothness are lower bounds of the Lipschitz constants of the loss and of
    its gradient. Momentum and Adam step elsewhere; this walk is along the
    gradient whatever the optimizer.

    Source: Santurkar et al. 2018, section 3.1 and figure 4.
    """
    run, layers, rate = context.stack.run, context.stack.layers, context.stack.learning_rate.double()
    batch = Examples(*(part[..., : run.batch_size] for part in context.probe))
    here, gradient = loss_and_gradient(run, layers, batch)
    g = flat(gradient)
    length, per_run = torch.linalg.vector_norm(g, dim=1), rate.flatten()
    losses, changes, cosines, steepness, smoothness = [], [], [], [], []
    for multiple in MULTIPLES:
        moved = [step(layer, by, multiple * rate) for layer, by in zip(layers, gradient, strict=True)]
        there, found = loss_and_gradient(run, moved, batch)
        g_there = flat(found)
        change = torch.linalg.vector_norm(g_there - g, dim=1)
        way = multiple * per_run * length
        losses.append(there)
        changes.append(change)
        steepness.append((there - here).abs() / way)
        smoothness.append(change / way)
        cosines.append((g * g_there).sum(1) / (length * torch.linalg.vector_norm(g_there, dim=1)))
    along, promised = torch.stack(losses), per_run * length**2
    fidelity = (here - along[MULTIPLES.index(1.0)]) / promised
    return {
        "loss_range": along.amax(0) - along.amin(0),
        "loss_steepness": torch.stack(steepness).amax(0),
        "gradient_predictiveness": torch.stack(changes).amax(0),
        "effective_smoothness": torch.stack(smoothness).amax(0),
        "gradient_alignment": torch.stack(cosines).mean(0),
        "fidelity": fidelity.masked_fill(promised < MEASURABLE * here, torch.nan),
        "promised_decrease": promised,
        "loss_along": _loss_along(run, layers, batch, gradient, rate, context.first),
    }


def losses_along(
    loss: Callable[[list[Layer]], Tensor], layers: Sequence[Layer], gradient: Sequence[Layer], rate: Tensor
) -> Tensor:
    """Each run's ``L(w - k lr g)`` at every k of ``WALK``, ``(runs, 21)``.

    The places stand beside each other like so many runs: ``loss`` is asked once, for the layers of all of them.
    """
    places = torch.as_tensor(WALK).repeat(len(rate))
    far = places.view(-1, 1, 1) * _repeated(rate)
    moved = [step(layer.map(_repeated), by.map(_repeated), far) for layer, by in zip(layers, gradient, strict=True)]
    return loss(moved).view(len(rate), len(WALK))


def _loss_along(
    run: Run, layers: Sequence[Layer], batch: Examples, gradient: Sequence[Layer], rate: Tensor, rows: Sequence[int]
) -> Tensor:
    x, labels = (_repeated(part[list(rows)]) for part in (batch.x.double(), batch.labels))
    own, slopes = ([layer.map(lambda p: p[list(rows)].double()) for layer in each] for each in (layers, gradient))
    with torch.no_grad():
        return losses_along(lambda moved: losses(forward(run, moved, x).logits, labels), own, slopes, rate[list(rows)])


def _repeated(values: Tensor) -> Tensor:
    """Every run's values once for each place of the walk, one behind the other."""
    return values.repeat_interleave(len(WALK), 0)
