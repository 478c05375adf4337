"""A normalization of one's own: from a function to the word that a ``Run`` has for it, and how a stack calls it.

A stack's signals are ``(runs, units, examples)``, the function's ``(batch, units)``: it is called once a run, so that
it need not know of others, and no run's bits depend on who stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from bnviz.engine.trying import EQUAL, check_function, gradient, refused, result, tried
from bnviz.own_functions import OwnNormalization, made, short


def normalization_from(
    function: Callable[[Tensor], Tensor],
    name: str = "own",
    *,
    evaluate: Callable[[Tensor, Tensor, Tensor], Tensor] | None = None,
    shape: tuple[int, int] = (60, 100),
) -> str:
    """The word of a normalization of your own: ``Run(normalization=normalization_from(F.normalize))``.

    ``function`` takes what a hidden layer's units receive from one mini-batch, ``(batch, units)`` (or, placed after,
    what they give), and gives the same shape; autograd finds its gradient. It is called once a run and layer; gamma and
    beta stand behind it unless ``affine=False``. ``name`` (24 letters, digits and -) is what captions call it.

    In eval mode one of each example by itself is called as in training. One in which the examples of a mini-batch know
    of each other has none there, so it needs ``evaluate(x, mean, var)``: ``x`` is ``(examples, units)``, ``mean`` and
    ``var`` ``(units,)`` are the running mean and variance of what the function received, which bnviz keeps as for batch
    normalization (``bn_momentum``). ``shape`` is that of the standard normal numbers on which both are tried; another
    one is for a function that needs so many units. For ``network="mlp"``; it lives in this process: no link and no
    script holds it, and to go on from a saved history it is made again.

    Raises:
        InvalidChoice: on these numbers one of the two raised, gave another shape or type, numbers or slopes that are
            not finite, or no slope at all; it wrote over its input or drew numbers; or ``evaluate`` is missing, mixes
            examples, or is not needed.
    """
    own = short(name)
    for each in (function, *([evaluate] if evaluate else [])):
        check_function(own, each, "a (batch, units) tensor", "one without: affine=False")
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    output = _tried(own, function, x)
    mixes = not _same(result(own, function, x[: len(x) // 2]), output[: len(x) // 2])
    if mixes and evaluate is None:
        raise refused(
            own, "mixes the examples of a mini-batch, of which there is none in eval mode",
            "with evaluate=, a function of x, running mean and running variance: try "
            "evaluate=lambda x, mean, var: (x - mean) / (var + 1e-5).sqrt()",
        )  # fmt: skip
    if not mixes and evaluate:
        raise refused(
            own, "treats each example by itself, in eval mode too, and was given evaluate=", "to leave that out"
        )
    gives = [output]
    if evaluate:
        used, statistics = evaluate, (x.mean(0), x.var(0))
        gives.append(_tried(f"{own} (evaluate)", lambda x: used(x, *(each.to(x.dtype) for each in statistics)), x))
        if not _same(result(own, used, x[: len(x) // 2], *statistics), gives[1][: len(x) // 2]):
            raise refused(f"{own} (evaluate)", "mixes examples", "one of each example by itself, with mean and var")
    kind = "batch_normalization" if mixes else "normalization"
    return made(kind, own, torch.stack(gives).numpy(), OwnNormalization(function, evaluate))


def _tried(name: str, function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """What it gives for x. Raises InvalidChoice where it cannot be trained with, or says something else next time."""
    output = tried(name, function, x)
    slopes = gradient(name, function, x, torch.randn(x.shape, generator=torch.Generator().manual_seed(1)).to(x))
    if not (output.isfinite().all() and slopes.isfinite().all()):
        raise refused(
            name, "gave numbers or slopes that are not finite",
            "finite ones for standard normal numbers: try to add 1e-5 to what it divides by",
        )  # fmt: skip
    if not _same(result(name, function, x), output):
        raise refused(name, "gave other numbers the second time", "one that draws and remembers nothing")
    return output


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, EQUAL, EQUAL)


def over_runs(name: str, function: Callable[..., Tensor], x: Tensor, *statistics: Tensor) -> Tensor:
    """What it makes of each run's ``(units, examples)``, with the run's ``(units,)`` statistics if there are any.

    Raises:
        InvalidChoice: it raised, or gave another shape, for as many units and examples as these.
    """
    found = []
    for signal, *own in zip(x, *statistics, strict=True):
        given = signal.T.contiguous()
        y = result(name, function, given, *own)
        if y.shape != given.shape:
            raise refused(name, f"gave {tuple(y.shape)} for {tuple(given.shape)}", "the same shape, (batch, units)")
        found.append(y.T)
    return torch.stack(found)
