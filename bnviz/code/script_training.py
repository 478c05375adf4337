"""One seed's first weights, its mini-batches, and the loop over its steps, as lines of a script."""

from __future__ import annotations

from collections.abc import Mapping

from bnviz.code.writing import block, number
from bnviz.run import Run
from bnviz.schedules import written as factor_written

LINES = 50
"""At most about so many losses are printed."""
SPACINGS = [factor * 10**power for power in range(9) for factor in (1, 2, 5)]

GAUSSIAN = "layer.weight.normal_(generator=weights)"
DRAWN = {
    "he": GAUSSIAN + ".mul_(math.sqrt(2 / inputs))",
    "xavier": GAUSSIAN + ".mul_(math.sqrt(2 / (inputs + outputs)))",
    "lecun": GAUSSIAN + ".mul_(math.sqrt(1 / inputs))",
    "orthogonal": "nn.init.orthogonal_(layer.weight, generator=weights)",
    "gaussian": GAUSSIAN,
}
"""Word to what draws a weight from the seed's own numbers, before it is multiplied with the scale."""
BATCHES = '''\
def mini_batches():
    """The numbers of {2} examples each; every epoch has {0}."""
    {1}
        yield from order[: len(order) // BATCH * BATCH].split(BATCH)'''
EVERY_EPOCH = "an order of its own", """\
shuffling = generator(BATCHES)
    while True:
        order = torch.randperm(len(train_y), generator=shuffling)"""
ONCE = "the same order", """\
order = torch.randperm(len(train_y), generator=generator(BATCHES))
    while True:"""


def initial_weights(run: Run) -> str:
    """A loop that draws every weight from the seed's own numbers, the lowest layer's first; biases are 0."""
    kinds = "(nn.Conv2d, nn.Linear)" if run.network == "cnn" else "nn.Linear"
    drawn, stretch = DRAWN[run.init], f".mul_({number(run.initial_scale)})" if run.initial_scale != 1 else ""
    lines = [drawn, f"layer.weight{stretch}"] if stretch and "inputs" in drawn else [drawn + stretch]
    shape = "            outputs, inputs = layer.weight.flatten(1).shape" if "inputs" in drawn else None
    return block(
        "# One layer after the other, from the input up.",
        "weights = generator(WEIGHTS)",
        "with torch.no_grad():",
        "    for layer in network.modules():",
        f"        if isinstance(layer, {kinds}):",
        shape,
        *(f"            {line}" for line in lines),
        *(["            layer.bias.zero_()"] if run.has_bias else [
            "            if layer.bias is not None:", "                layer.bias.zero_()",
        ]),
    )  # fmt: skip


def mini_batches(run: Run) -> str:
    """A generator of the numbers of examples, in the seed's own orders."""
    return BATCHES.format(*(EVERY_EPOCH if run.shuffle else ONCE), run.batch_size)


def training(run: Run, later: Mapping[int, float], told: int) -> str:
    """The loop over the steps; ``later`` are the rates that begin with a step, from 1, and ``told`` the steps of which
    some losses are printed."""
    return block(
        f"RATES = {{{', '.join(f'{step}: {number(rate)}' for step, rate in later.items())}}}  # from these steps on"
        if later else None,
        'rate = optimizer.defaults["lr"]' if later and run.rate_moves else None,
        "losses = []",
        "for step, batch in zip(range(1, STEPS + 1), mini_batches()):",
        *_rate(run, later),
        "    loss = nn.functional.cross_entropy(network(train_x[batch]), train_y[batch])",
        "    optimizer.zero_grad()",
        "    loss.backward()",
        "    optimizer.step()",
        "    losses.append(loss.item())",
        *(_printed(told) if told else []),
    )


def _printed(steps: int) -> list[str]:
    spacing = next(each for each in SPACINGS if each * LINES >= steps)
    line = f'print(f"step {{step:{len(str(steps))}}}  loss {{losses[-1]:.6g}}")'
    return [f"    if step % {spacing} == 0:", f"        {line}"] if spacing > 1 else [f"    {line}"]


def _rate(run: Run, later: Mapping[int, float]) -> list[str]:
    """How the learning rate moves by itself, and changes."""
    lr = 'optimizer.param_groups[0]["lr"]'
    if run.rate_moves:
        rate = "rate" if later else 'optimizer.defaults["lr"]'
        moves = f"    {lr} = {rate} * {_factor(run)}"
        return ["    rate = RATES.get(step, rate)", moves] if later else [moves]
    return ["    if step in RATES:", f"        {lr} = RATES[step]"] if later else []


def _factor(run: Run) -> str:
    """What the rate is multiplied by in a step, which counts from 1."""
    if run.half_life:
        return f"0.5 ** ((step - 1) / {run.half_life})"
    return factor_written(run.schedule, "(step - 1)", run.schedule_steps).replace("((step - 1) + 1)", "step")
