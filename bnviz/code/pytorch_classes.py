"""What PyTorch has no layer for, written out for a program: variants of batch normalization, noise, recurrence.

The text of a class holds what the run chose and no branch for what it did not.
``engine.modules`` has the same layers with the branches, and tests compare.
"""

from __future__ import annotations

from bnviz.code.pytorch_layers import ACTIVATIONS, PYTORCH, has_layer, linear
from bnviz.code.writing import block, call, recurrence, scales, sites, variant
from bnviz.datasets import DATASETS
from bnviz.run import Run

SQUARES = {
    "l1": "math.pi / 2 * centred.abs().mean(1, keepdim=True).square()",
    "linf": "centred.abs().amax(1, keepdim=True).square() / (2 * math.log(examples))",
    "detached": "centred.detach().square().mean(1, keepdim=True)",
}
"""Word to the squared scale that takes the variance's place, or the variance without its gradient."""
VARIANCE = "centred.square().mean(1, keepdim=True)"

NOISE = '''\
class Noise(nn.Module):
    """r * y + m in train mode, with other numbers at every step.

    Each unit draws a shift mu ~ U(-0.5, 0.5) and a stretch s ~ U(1, 1.25), and each
    example its own m ~ U(mu - 0.1, mu + 0.1) and r ~ N(s, 0.1).
    """

    def forward(self, y):
        if not self.training:
            return y
        mu = y.new_empty(y.shape[1]).uniform_(-0.5, 0.5)
        s = y.new_empty(y.shape[1]).uniform_(1, 1.25)
        m = mu + torch.empty_like(y).uniform_(-0.1, 0.1)
        r = s + 0.1 * torch.randn_like(y)
        return r * y + m'''

LAST_STEP = '''\
class LastStep(nn.Module):
    """What a sequence ends with: (batch, steps, units) to (batch, units)."""

    def forward(self, sequence):
        return sequence[:, -1]'''


def classes(run: Run, noise: str = NOISE) -> list[str]:
    """The classes that this run's program needs, with this text for the noise."""
    return [
        *([batch_norm(run)] if run.uses_batch and not has_layer(run) else []),
        *([noise] if run.normalization == "noisy" else []),
        *([gamma_and_beta(run)] if "gamma_and_beta" in sites(run) else []),
        *([recurrent(run), LAST_STEP] if run.network == "rnn" else []),
    ]


def batch_norm(run: Run) -> str:
    """The variant of batch normalization that the run chose, as a class with PyTorch's own eval mode."""
    maps, source = run.network == "cnn", "parts.detach()" if run.normalization == "detached" else "parts"
    parts = f"x.unflatten(0, (-1, {run.ghost_size}))  # ghost batches" if run.ghost_size else "x[None]"
    output = "x_hat * self.weight + self.bias" if scales(run) else "x_hat"
    again = f"        mean = mean + ({source} - mean).mean(1, keepdim=True)  # of equal numbers exactly theirs"
    return block(
        f"class BatchNorm(nn.BatchNorm{2 if maps else 1}d):",
        variant(run),
        "",
        "    def forward(self, x):",
        "        if not self.training:",
        "            return super().forward(x)",
        "        places = x.movedim(1, -1)" if maps else None,
        f"        parts = {'places.reshape(1, -1, x.shape[1])' if maps else parts}",
        "        examples = parts.shape[1]",
        f"        mean = {source}.mean(1, keepdim=True)",
        None if run.eps else again,
        "        centred = parts - mean",
        f"        square = {SQUARES.get(run.normalization, VARIANCE)}",
        "        with torch.no_grad():",
        "            unbiased = square * examples / (examples - 1)",
        "            self.running_mean.lerp_(mean.mean((0, 1)), self.momentum)",
        "            self.running_var.lerp_(unbiased.mean((0, 1)), self.momentum)",
        f"        x_hat = (centred / torch.sqrt(square + self.eps)).view_as({'places' if maps else 'x'})",
        f"        return {_turned_back(output) if maps else output}",
    )


def _turned_back(output: str) -> str:
    """The maps as the second direction again."""
    return f"{f'({output})' if ' ' in output else output}.movedim(-1, 1)"


def gamma_and_beta(run: Run) -> str:
    """The scale and shift that stand alone where a nonlinearity parts them from their normalization."""
    maps = "[:, None, None]" if run.network == "cnn" else ""
    return block(
        "class GammaAndBeta(nn.Module):",
        f'    """gamma * x + beta of each {"map" if maps else "unit"}."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.weight = nn.Parameter(torch.ones({run.width}))",
        f"        self.bias = nn.Parameter(torch.zeros({run.width}))",
        "",
        "    def forward(self, x):",
        f"        return self.weight{maps} * x + self.bias{maps}",
    )


def recurrent(run: Run) -> str:
    """A recurrent layer: a loop over time around the layers that every hidden layer has."""
    over_batch = run.uses_batch
    lines = {
        "normalization": _normalization(run),
        "nonlinearity": "self.nonlinearity(state)",
        "gamma_and_beta": "self.gamma_and_beta(state)",
    }
    return block(
        "class Recurrent(nn.Module):",
        recurrence(run),
        "",
        "    def __init__(self, inputs):",
        "        super().__init__()",
        f"        self.linear = {linear(run, f'inputs + {run.width}')}",
        *(_one_a_step(run) if over_batch else [f"        self.norm = {each}" for each in PYTORCH.normalization(run)]),
        f"        self.nonlinearity = {ACTIVATIONS[run.activation]}",
        "        self.gamma_and_beta = GammaAndBeta()" if "gamma_and_beta" in sites(run) else None,
        "",
        "    def forward(self, sequence):",
        f"        state, states = sequence.new_zeros(len(sequence), {run.width}), []",
        f"        for {'time, x in enumerate(sequence.unbind(1))' if over_batch else 'x in sequence.unbind(1)'}:",
        "            state = self.linear(torch.cat([x, state], 1))",
        *(f"            state = {lines[site]}" for site in sites(run)),
        "            states.append(state)",
        "        return torch.stack(states, 1)",
        *([NORMALIZE] if over_batch and not run.per_step else []),
    )


def _normalization(run: Run) -> str:
    """How the loop calls it."""
    if not run.uses_batch:
        return "self.norm(state)"
    return "self.norms[time](state)" if run.per_step else "self.normalize(state, time)"


def _one_a_step(run: Run) -> list[str]:
    """What the constructor makes of a normalization over the mini-batch: statistics for every time step."""
    (layer,), steps = PYTORCH.normalization(run), DATASETS[run.dataset].side
    every = call("self.norms = nn.ModuleList", f"[{layer} for _ in range({steps})]", indent=8)
    if "\n" in layer:
        each = layer.replace("\n", "\n" + " " * 8)
        every = block(
            "self.norms = nn.ModuleList(", "            [", f"                {each}",
            f"                for _ in range({steps})", "            ],", "        )",
        )  # fmt: skip
    shared = [
        "        first = self.norms[0]",
        "        for each in self.norms:  # gamma and beta in common",
        "            each.weight, each.bias = first.weight, first.bias",
    ]
    return [f"        {every}", *(shared if scales(run) else [])]


NORMALIZE = '''
    def normalize(self, z, time):
        """By the statistics of this time step; in eval mode by the average of all."""
        if self.training:
            return self.norms[time](z)
        every, first = self.norms, self.norms[0]
        mean = torch.stack([each.running_mean for each in every]).mean(0)
        var = torch.stack([each.running_var for each in every]).mean(0)
        gamma, beta = first.weight, first.bias
        return nn.functional.batch_norm(z, mean, var, gamma, beta, eps=first.eps)'''
