"""The peer that stacks too: JAX, ``vmap`` over the runs, ``jit``, and ``lax.scan`` over an epoch's steps.

Written as its documentation teaches it, on one thread, with the gradients left
to it. Only ``make bench`` needs it, and only where ``requirements-bench.txt`` is
installed.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from typing import Any

import numpy as np

MOST_STEPS = 100
"""Steps of one ``scan``; shorter ones cost more for each step, longer ones no less."""


def is_here() -> bool:
    """Whether JAX is installed."""
    return importlib.util.find_spec("jax") is not None


def jax_loop(
    sizes: tuple[int, ...], batch: int, x: np.ndarray, y: np.ndarray, runs: int, normalized: bool
) -> tuple[Callable[[int], None], int]:
    """A function that takes so many steps with so many runs at once, and the number that one ``scan`` takes.

    ``x`` is ``(examples, features)``, as bytes where those are pictures; ``y`` are their classes.
    """
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    import jax
    import jax.numpy as jnp

    pictures, labels, per_epoch = jnp.asarray(x), jnp.asarray(y), len(x) // batch
    steps_at_once = min(per_epoch, MOST_STEPS)

    def layer(key: Any, inputs: int, outputs: int, hidden: bool) -> dict[str, Any]:
        more = ("gamma", "beta") if normalized and hidden else ("bias",)
        ones = {name: jnp.full(outputs, float(name == "gamma")) for name in more}
        return {"weight": jax.random.normal(key, (inputs, outputs)) / inputs**0.5, **ones}

    def network(key: Any) -> list[dict[str, Any]]:
        keys, last = jax.random.split(key, len(sizes) - 1), len(sizes) - 2
        return [layer(keys[i], sizes[i], sizes[i + 1], i < last) for i in range(last + 1)]

    def loss(layers: Any, h: Any, wanted: Any) -> tuple[Any, list[Any]]:
        statistics = []
        for one in layers[:-1]:
            z = h @ one["weight"]
            if normalized:
                mean, var = z.mean(0), z.var(0)
                statistics.append(jnp.stack([mean, var * batch / (batch - 1)]))
                z = (z - mean) * jax.lax.rsqrt(var + 1e-5) * one["gamma"] + one["beta"]
            else:
                z = z + one["bias"]
            h = jax.nn.sigmoid(z)
        logits = h @ layers[-1]["weight"] + layers[-1]["bias"]
        return -(jax.nn.log_softmax(logits) * jax.nn.one_hot(wanted, sizes[-1])).sum(1).mean(), statistics

    def step(state: Any, indices: Any) -> tuple[Any, Any]:
        layers, running = state
        chosen = pictures[indices]
        chosen = chosen.astype(jnp.float32) / 255 if chosen.dtype == jnp.uint8 else chosen
        (value, fresh), slopes = jax.value_and_grad(loss, has_aux=True)(layers, chosen, labels[indices])
        layers = jax.tree.map(lambda weight, slope: weight - 0.1 * slope, layers, slopes)
        return (layers, jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, running, fresh)), value

    every = jax.jit(lambda state, steps: jax.lax.scan(jax.vmap(step), state, steps), donate_argnums=0)
    order = jax.jit(jax.vmap(lambda key: jax.random.permutation(key, len(x))[: per_epoch * batch]))
    layers = jax.vmap(network)(jax.random.split(jax.random.key(0), runs))
    running = [jnp.tile(jnp.array([[0.0], [1.0]]), (runs, 1, size)) for size in sizes[1:-1] if normalized]
    state, key, place, epoch = (layers, running), jax.random.key(1), per_epoch, jnp.zeros(0)

    def advance(steps: int) -> None:
        nonlocal state, key, place, epoch
        for _ in range(steps // steps_at_once):
            if place + steps_at_once > per_epoch:
                key, now = jax.random.split(key)
                epoch = order(jax.random.split(now, runs)).reshape(runs, per_epoch, batch).swapaxes(0, 1)
                place = 0
            state, _ = every(state, jax.lax.dynamic_slice_in_dim(epoch, place, steps_at_once))
            place += steps_at_once
        jax.block_until_ready(state)

    return advance, steps_at_once
