"""The data of a run as lines of a script: made, split and spoiled as the engine does, with the same random numbers.

The lines leave ``train_x``, ``train_y``, ``test_x`` and ``test_y`` behind. What
they compute is written for the engine in ``engine.datasets``, ``engine.toys``
and ``engine.images``; tests compare to the bit.
"""

from __future__ import annotations

from bnviz.code.writing import block, number
from bnviz.datasets import DATASETS
from bnviz.fields import InvalidChoice
from bnviz.own_words import EXTENT, FINEST, MOST_POINTS, TRAIN_SHARE, OwnSet, is_own, own_set, places_of
from bnviz.run import Run

DIGITS, POINTS, PUBLISHED, TESTED = 1797, 1500, 60_000, 10_000
"""How many there are: digits, points where no number was asked for, published pictures to train on and to test."""

CENTRED = """\
x, y = load_digits(return_X_y=True)
x = (x / 16).astype(np.float32)
centred = x - x.mean(0, dtype=np.float64)"""
PICTURES = {
    "digits": """\
x, y = load_digits(return_X_y=True)
x = (x / 16).astype(np.float32)""",
    "digits_normalized": CENTRED + """
deviation = centred.std(0)
x = (centred / np.where(deviation > 0, deviation, 1)).astype(np.float32)""",
    "digits_whitened": CENTRED + """
variances, directions = np.linalg.eigh(centred.T @ centred / len(centred))
kept = variances > 1e-3 * variances[-1]  # the other directions are noise
along = centred @ directions[:, kept] / np.sqrt(variances[kept])
x = (along @ directions[:, kept].T).astype(np.float32)""",
}  # fmt: skip
READ = '''\
def read(kind, header):
    """The bytes of two gzipped IDX files behind their headers, of those to train on first."""
    files = (FOLDER / f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k"))
    return np.concatenate(
        [np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8, offset=header) for file in files]
    )'''
SHADES = {"mnist_binary": 'x = (read("images-idx3", 16).reshape(-1, 784) > 127).astype(np.float32)'}
GREY = 'x = read("images-idx3", 16).reshape(-1, 784) * np.float32(1 / 255)'
"""How bytes become features, of published pictures."""

POLAR = "np.stack([{0}np.cos(angle), {0}np.sin(angle)], axis=1)"
POINTS_OF = {
    "spirals": f"""\
radius = rng.uniform(0.15, 1.25, len(y))
angle = 2 * np.pi * y / 3 + 3.7 * radius
x = {POLAR.format("radius * ")}""",
    "moons": f"""\
angle = rng.uniform(0, np.pi, len(y)) + np.pi * y
middle = np.stack([y - 0.5, 0.5 * y - 0.25], axis=1)
x = 0.9 * ({POLAR.format("")} + middle)""",
    "circles": f"""\
radius = np.where(y == 0, 1.1, 0.5)
angle = rng.uniform(0, 2 * np.pi, len(y))
x = {POLAR.format("radius * ")}""",
    "xor": """\
size = rng.uniform(0.05, 1.2, (len(y), 2))
side = rng.integers(0, 2, len(y))
x = size * (np.stack([side, side ^ y], axis=1) * 2 - 1)""",
    "gaussians": f"""\
angle = np.pi * (0.25 + y / 2)
x = {POLAR.format("0.8 * ")}""",
}
"""Word to the lines that make points ``x`` of the classes ``y``."""
PAINTED = f'''\
# x, y and class of each point; places count from 0 to {FINEST}
POINTS = """
{{0}}
"""
points = np.array(POINTS.split(), np.int64).reshape(-1, 3)
x, y = ((points[:, :2] / {FINEST} * 2 - 1) * {EXTENT}).astype(np.float32), points[:, 2]'''
A_LINE = 6
"""So many painted points stand in a line."""
OWN = "rng = np.random.default_rng((SEED, DATA))"
TENSORS = """\
train_x, train_y = torch.tensor(x[train]), torch.tensor(y[train])
test_x, test_y = torch.tensor(x[test]), torch.tensor(y[test])"""


def training_examples(run: Run) -> int:
    """How many examples the run trains on. Raises InvalidChoice where no script can hold them."""
    row = DATASETS[run.dataset]
    if row.files:
        return min(run.samples or PUBLISHED, PUBLISHED)
    if row.plane and not is_own(run.dataset):
        return int(TRAIN_SHARE * (run.samples or POINTS))
    there = _painted(run.dataset).examples if is_own(run.dataset) else DIGITS
    return int(TRAIN_SHARE * min(run.samples or there, there))


def data(run: Run, folder: str) -> list[str]:
    """The parts of a script that make the data; ``folder`` is an expression: where published files lie."""
    row = DATASETS[run.dataset]
    opening = [f"# The four files of {row.files.url}", f"FOLDER = {folder}"] if row.files else []
    if row.files:
        made = _published(run)
    elif row.plane and not is_own(run.dataset):
        made = _points(run)
    else:
        made = _split_by_seed(run, _own(run.dataset) if is_own(run.dataset) else PICTURES[run.dataset])
    pieces = [opening, [READ] if row.files else [], [f"# {row.meaning}", *made], _wrong_labels(run), [TENSORS]]
    return [block(*lines) for lines in pieces if lines]


def _points(run: Run) -> list[str]:
    row = DATASETS[run.dataset]
    samples, noise = run.samples or POINTS, row.noise if run.noise is None else run.noise
    disturbed = f"x = x + {number(noise)} * rng.standard_normal(x.shape)"
    return [
        OWN,
        f"y = np.arange({samples}) % {row.classes}",
        POINTS_OF[run.dataset],
        "order = rng.permutation(len(y))",
        *([disturbed] if noise else []),
        "x *= min(1, 1.5 / np.abs(x).max())  # inside the frame of the picture",
        "x, y = x[order].astype(np.float32), y[order]",
        f"train, test = np.split(np.arange(len(y)), [int({TRAIN_SHARE} * len(y))])",
    ]


def _published(run: Run) -> list[str]:
    chosen = run.samples and f"train = np.random.default_rng((SEED, DATA)).permutation({PUBLISHED})[:{run.samples}]"
    return [
        SHADES.get(run.dataset, GREY),
        'y = read("labels-idx1", 8).astype(np.int64)',
        *_noise_on_pictures(run),
        chosen or f"train = np.arange({PUBLISHED})",
        f"test = np.arange({PUBLISHED}, {PUBLISHED + TESTED})",
    ]


def _noise_on_pictures(run: Run) -> list[str]:
    if not run.noise:
        return []
    drawn = "rng.standard_normal(x.shape, dtype=np.float32)"
    return ["rng = np.random.default_rng((0, DATA))  # the same noise for every seed",
            f"x += {number(run.noise)} * {drawn}"]  # fmt: skip


def _painted(word: str) -> OwnSet:
    """The points that ride in a word of one's own data. Raises InvalidChoice where they do not."""
    found = own_set(word)
    if not found.rides:
        raise InvalidChoice(
            f"dataset was {found.name}, whose examples are kept here and stand in no program; allowed are the data of "
            f"bnviz and up to {MOST_POINTS} painted points: try nn.Sequential or Keras, the network without its data."
        )
    return found


def _own(word: str) -> str:
    points = [f"{x} {y} {label}" for (x, y), label in zip(*places_of(_painted(word)), strict=True)]
    return PAINTED.format("\n".join("  ".join(points[at : at + A_LINE]) for at in range(0, len(points), A_LINE)))


def _split_by_seed(run: Run, source: str) -> list[str]:
    """80% to train on, by the seed's own choice; fewer of them where that is asked for."""
    fewer = [f"train = train[:{int(TRAIN_SHARE * run.samples)}]"] if run.samples else []
    return [
        source,
        *_noise_on_pictures(run),
        "order = np.random.default_rng((SEED, DATA)).permutation(len(y))",
        f"train, test = np.split(order, [int({TRAIN_SHARE} * len(y))])",
        *fewer,
    ]


def _wrong_labels(run: Run) -> list[str]:
    """A share of the training labels, drawn at random, the right one included."""
    if not run.label_noise:
        return []
    return [
        "rng = np.random.default_rng((SEED, LABELS))",
        f"drawn = rng.integers({DATASETS[run.dataset].classes}, size=len(train))",
        f"wrong = rng.permutation(len(train))[: round({number(run.label_noise)} * len(train))]",
        "y[train[wrong]] = drawn[wrong]",
    ]
