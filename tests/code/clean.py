"""Scripts and what they made, in a process that has no bnviz: a JSON list of [text, argument] in, one of findings out.

Each script is run twice: as it stands, and in double precision from weights that are moved a little, which shows how
far rounding, and whatever it sets off, leads in these steps.
"""

import ast
import contextlib
import functools
import hashlib
import io
import itertools
import json
import sys

import torch
from sklearn import datasets

NUDGE = 2.0**-18
"""Some last bits of float32: sums of a hundred products, layer upon layer, err that much."""


def digest(*tensors):
    return hashlib.sha256(b"".join(each.detach().contiguous().numpy().tobytes() for each in tensors)).hexdigest()


@functools.lru_cache(maxsize=1)
def statements(text):
    return [compile(ast.Module([node], []), "script.py", "exec") for node in ast.parse(text).body]


def found(text, argument):
    names, printed = {}, io.StringIO()
    sys.argv = ["script.py", argument]
    with contextlib.redirect_stdout(printed):
        until_trained(text, names)
        weights = digest(*(each for each in names["network"].parameters() if each.dim() > 1))
        rest(text, names)
    return {
        "weights": weights, "losses": names["losses"], "printed": printed.getvalue(),
        "train": digest(names["train_x"], names["train_y"]), "test": digest(names["test_x"], names["test_y"]),
        "batches": digest(*itertools.islice(names["mini_batches"](), 50)),
    }  # fmt: skip


def moved(text, argument):
    """The losses of the same script where nothing is rounded worth mentioning, but its first weights were."""
    names = {}
    sys.argv = ["script.py", argument]
    with contextlib.redirect_stdout(io.StringIO()):
        until_trained(text, names)
        generator = torch.Generator().manual_seed(0)
        for weight in names["network"].double().parameters():
            signs = torch.randint(2, weight.shape, generator=generator) * 2 - 1
            weight.data.mul_(1 + NUDGE * signs)
        names.update({name: names[name].double() for name in ("train_x", "test_x")})
        rest(text, names)
    return names["losses"]


def until_trained(text, names):
    """The statements before the optimizer's."""
    for code in itertools.takewhile(before_training, statements(text)):
        exec(code, names)


def rest(text, names):
    for code in itertools.dropwhile(before_training, statements(text)):
        exec(code, names)


def before_training(code):
    return "optimizer" not in code.co_names


if __name__ == "__main__":
    sys.modules["bnviz"] = None  # whoever imports it is refused
    read_once = functools.lru_cache(datasets.load_digits)
    datasets.load_digits = lambda return_X_y: tuple(each.copy() for each in read_once(return_X_y=return_X_y))
    given = json.load(sys.stdin)
    json.dump([found(*each) | {"moved": moved(*each)} for each in given], sys.stdout)
