"""A function of one's own, tried before anything is trained with it: each fault has a sentence."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from bnviz.fields import InvalidChoice, quoted

EQUAL = 1e-6
"""Rounding of float64, and much less than a difference that anybody meant."""


def check_function(name: str, function: object, of: str, instead: str) -> None:
    """Raises InvalidChoice for what is no function ``of`` this, or one whose own parameters nobody would train."""
    if not callable(function):
        raise InvalidChoice(f"function was {quoted(function)}; allowed is a function of {of}.")
    if isinstance(function, nn.Module) and [*function.parameters()]:
        raise refused(name, "has parameters of its own, which nobody would train", instead)


def tried(name: str, function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """What a function gives for x, float64. Raises InvalidChoice for another shape or type, or where it changes x."""
    for numbers in (x.float(), x):
        given = numbers.clone()
        y = result(name, function, given)
        if y.shape != x.shape or y.dtype != numbers.dtype:
            raise refused(
                name, f"gave {tuple(y.shape)} {y.dtype} for {tuple(x.shape)} {numbers.dtype}", "the same shape and type"
            )
        if not torch.equal(given, numbers):
            raise refused(name, "wrote over the numbers that it was given", "one that leaves them: try x.clone()")
    return y.detach()


def gradient(name: str, function: Callable[[Tensor], Tensor], x: Tensor, weights: Tensor) -> Tensor:
    """The gradient of a weighted sum of what it gives. Raises InvalidChoice where there is none."""
    with torch.enable_grad():
        at = x.clone().requires_grad_()
        y = result(name, function, at)
        found = torch.autograd.grad(y, at, weights, allow_unused=True)[0] if y.requires_grad else None
    if found is None or not found.any():
        raise refused(name, "has a slope of 0 everywhere", "one that autograd finds, else no layer below learns")
    return found


def result(name: str, function: Callable[..., Tensor], *given: Tensor) -> Tensor:
    """What it gives. Raises InvalidChoice, from what it raised itself, where that is no tensor."""
    try:
        y = function(*given)
    except Exception as error:
        kind, line = type(error).__name__, str(error).strip().partition("\n")[0]
        raise refused(name, f"raised {kind} ({line}) for {_words(given)}", "a function of such a tensor") from error
    if not isinstance(y, Tensor):
        raise refused(name, f"gave {type(y).__name__} for {_words(given)}", "a tensor: use functions of torch")
    return y


def refused(name: str, what: str, allowed: str) -> InvalidChoice:
    """The sentence for a function that cannot be used."""
    return InvalidChoice(f"the function {name} {what}; allowed is {allowed}.")


def _words(given: tuple[Tensor, ...]) -> str:
    return ", ".join(f"{tuple(each.shape)} {each.dtype}" for each in given)
