"""What Keras has no layer for, written out for a program: variants of batch normalization, noise, recurrence.

The text of a class holds what the run chose and no branch for what it did not.
"""

from __future__ import annotations

from bnviz.code.keras_layers import ACTIVATIONS, KERAS, dense, has_layer, one_step, own_xavier
from bnviz.code.writing import block, call, number, recurrence, scales, sites, variant
from bnviz.datasets import DATASETS
from bnviz.run import Run

SQUARES = {
    "l1": "math.pi / 2 * ops.square(ops.mean(ops.abs(centred), axis=1, keepdims=True))",
    "linf": "ops.square(ops.max(ops.abs(centred), axis=1, keepdims=True)) / (2 * math.log({0}))",
    "detached": "ops.mean(ops.square(ops.stop_gradient(centred)), axis=1, keepdims=True)",
}
"""Word to the squared scale that takes the variance's place, or the variance without its gradient."""
VARIANCE = "ops.mean(ops.square(centred), axis=1, keepdims=True)"

XAVIER = '''\
def xavier(inputs, outputs):
    """N(0, 2 / (inputs + outputs)): a convolution is the matrix its patches are multiplied with."""
    return keras.initializers.RandomNormal(stddev={0}(2 / (inputs + outputs)) ** 0.5)'''

NOISE = '''\
class Noise(keras.layers.Layer):
    """r * y + m in train mode, with other numbers at every step.

    Each unit draws a shift mu ~ U(-0.5, 0.5) and a stretch s ~ U(1, 1.25), and each
    example its own m ~ U(mu - 0.1, mu + 0.1) and r ~ N(s, 0.1).
    """

    def __init__(self):
        super().__init__()
        self.seed = keras.random.SeedGenerator()

    def call(self, y, training=None):
        if not training:
            return y
        units, every = (1, y.shape[1]), ops.shape(y)
        mu = keras.random.uniform(units, -0.5, 0.5, seed=self.seed)
        s = keras.random.uniform(units, 1, 1.25, seed=self.seed)
        m = mu + keras.random.uniform(every, -0.1, 0.1, seed=self.seed)
        r = s + keras.random.normal(every, 0.0, 0.1, seed=self.seed)
        return r * y + m'''


def classes(run: Run) -> list[str]:
    """The classes that this run's program needs, and the function."""
    factor = "" if run.initial_scale == 1 else f"{number(run.initial_scale)} * "
    return [
        *([XAVIER.format(factor)] if own_xavier(run) else []),
        *([batch_norm(run)] if run.uses_batch and not has_layer(run) else []),
        *([NOISE] if run.normalization == "noisy" else []),
        *([gamma_and_beta(run)] if "gamma_and_beta" in sites(run) else []),
        *([recurrent(run)] if run.network == "rnn" else []),
    ]


def batch_norm(run: Run) -> str:
    """The variant of batch normalization that the run chose, as a class with Keras's own eval mode."""
    examples = run.ghost_size or run.batch_size
    parts = f"ops.reshape(x, (-1, {examples}, x.shape[1]))  # ghost batches" if run.ghost_size else "x[None]"
    source = "ops.stop_gradient(parts)" if run.normalization == "detached" else "parts"
    return block(
        "class BatchNorm(keras.layers.BatchNormalization):",
        variant(run),
        "",
        "    def call(self, x, training=None, mask=None):",
        "        if not training:",
        "            return super().call(x, training=False)",
        f"        parts = {parts}",
        f"        mean = ops.mean({source}, axis=1, keepdims=True)",
        "        centred = parts - mean",
        f"        square = {SQUARES.get(run.normalization, VARIANCE).format(examples)}",
        "        old, new = self.momentum, 1 - self.momentum",
        f"        unbiased = square * {examples} / {examples - 1}",
        "        for kept, seen in ((self.moving_mean, mean), (self.moving_variance, unbiased)):",
        "            kept.assign(old * kept + new * ops.mean(seen, axis=(0, 1)))",
        "        x_hat = ops.reshape(centred / ops.sqrt(square + self.epsilon), ops.shape(x))",
        f"        return {'self.gamma * x_hat + self.beta' if scales(run) else 'x_hat'}",
    )


def recurrent(run: Run) -> str:
    """A recurrent layer: a loop over time around the layers that every hidden layer has."""
    over_batch, steps = run.uses_batch, DATASETS[run.dataset].side
    lines = {
        "normalization": f"self.norm{'alize(state, time, training)' if over_batch else '(state)'}",
        "nonlinearity": "self.nonlinearity(state)",
        "gamma_and_beta": "self.gamma_and_beta(state)",
    }
    return block(
        "class Recurrent(keras.layers.Layer):",
        recurrence(run),
        "",
        "    def __init__(self):",
        "        super().__init__()",
        f"        self.linear = {dense(run, run.width, run.has_bias, indent=8)}",
        *_normalizations(run, steps),
        f"        self.nonlinearity = {ACTIVATIONS[run.activation]}",
        "        self.gamma_and_beta = GammaAndBeta()" if "gamma_and_beta" in sites(run) else None,
        "",
        "    def build(self, shape):",
        f"        self.linear.build((None, shape[-1] + {run.width}))",
        *_built(run),
        f"        self.gamma_and_beta.build((None, {run.width}))" if "gamma_and_beta" in sites(run) else None,
        "",
        f"    def call(self, sequence{', training=None' if over_batch else ''}):",
        f"        state, states = ops.zeros((ops.shape(sequence)[0], {run.width})), []",
        f"        for {'time, x in enumerate(' if over_batch else 'x in '}ops.unstack(sequence, {steps}, axis=1)"
        f"{')' if over_batch else ''}:",
        "            state = self.linear(ops.concatenate([x, state], axis=1))",
        *(f"            state = {lines[site]}" for site in sites(run)),
        "            states.append(state)",
        "        return ops.stack(states, axis=1)",
        *(_normalize(run) if over_batch else ()),
    )


def _normalizations(run: Run, steps: int) -> list[str]:
    """What the constructor makes of the normalization: one, or one a time step, whose statistics differ."""
    if not run.uses_batch:
        return [f"        self.norm = {layer}" for layer in KERAS.normalization(run)]
    return [
        "        self.norms = [",
        f"            {one_step(run)}",
        f"            for _ in range({steps})",
        "        ]",
    ]


def _built(run: Run) -> list[str]:
    """What else is built: the normalization, and where it is one a time step their gamma and beta."""
    if not run.uses_batch:
        return [f"        self.norm.build((None, {run.width}))" for _ in KERAS.normalization(run)]
    return [
        "        for each in self.norms:",
        f"            each.build((None, {run.width}))",
        *(_parameters(run) if scales(run) else []),
    ]


def _parameters(run: Run) -> list[str]:
    """Gamma and beta, made while a layer is built."""
    decay = "decay" if run.weight_decay else None
    made = (
        call("self.add_weight", f"({run.width},)", initializer=start, regularizer=decay, name=f'"{name}"')
        for name, start in (("gamma", '"ones"'), ("beta", '"zeros"'))
    )
    return [f"        self.{name} = {each}" for name, each in zip(("gamma", "beta"), made, strict=True)]


def gamma_and_beta(run: Run) -> str:
    """The scale and shift that stand alone where a nonlinearity parts them from their normalization."""
    return block(
        "class GammaAndBeta(keras.layers.Layer):",
        f'    """gamma * x + beta of each {"map" if run.network == "cnn" else "unit"}."""',
        "",
        "    def build(self, shape):",
        *_parameters(run),
        "",
        "    def call(self, x):",
        "        return self.gamma * x + self.beta",
    )


def _normalize(run: Run) -> list[str]:
    """The method that normalizes at one time step, by its own statistics or in eval mode by the average of all."""
    output = "self.gamma * x_hat + self.beta" if scales(run) else "x_hat"
    own = "        x_hat = self.norms[time](z, training=training)"
    average = (
        "        if training:",
        "            x_hat = self.norms[time](z, training=True)",
        "        else:",
        "            mean = sum(each.moving_mean for each in self.norms) / len(self.norms)",
        "            var = sum(each.moving_variance for each in self.norms) / len(self.norms)",
        f"            x_hat = (z - mean) / ops.sqrt(var + {number(run.eps)})",
    )
    says = "the statistics of this time step" + ("" if run.per_step else "; in eval mode by the average of all")
    return [
        "",
        "    def normalize(self, z, time, training):",
        f'        """By {says}."""',
        *([own] if run.per_step else average),
        f"        return {output}",
    ]
