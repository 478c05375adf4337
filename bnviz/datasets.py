"""What a network can learn from: one row a dataset, which every floor reads and which needs no torch.

The engine has a function ``make_*`` of the same name, in ``toys`` for points
in the plane and in ``images`` for pictures; everything else follows from here.
Data of one's own have a word that says their row (see ``own_words``).
"""

from __future__ import annotations

from dataclasses import dataclass

from bnviz.own_words import is_own, own_set

IDX_FILES = (
    "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
)  # fmt: skip
"""The pictures to train on and their labels, then those to test on: MNIST's names, which others took over."""


@dataclass(frozen=True)
class PublishedFiles:
    """Four files that somebody published: their folder, the title, where they are, and the MD5 sum of each."""

    folder: str
    title: str
    url: str
    checksums: dict[str, str]


@dataclass(frozen=True)
class Dataset:
    """A dataset as every floor needs it.

    ``plane`` says that its examples are points, two features each, so that a
    decision map can be drawn; a table has so many ``columns``; all others are
    square pictures of ``side`` pixels. ``noise`` is what it has where none is
    asked for, ``meaning`` a sentence about it.
    """

    label: str
    classes: int = 10
    plane: bool = False
    side: int = 8
    noise: float = 0.0
    files: PublishedFiles | None = None
    meaning: str = ""
    columns: int = 0

    @property
    def picture(self) -> bool:
        """Whether an example is a square picture."""
        return not self.plane and not self.columns

    @property
    def features(self) -> int:
        """How many numbers an example has."""
        return 2 if self.plane else self.columns or self.side**2


def _idx(*checksums: str) -> dict[str, str]:
    return dict(zip(IDX_FILES, checksums, strict=True))


MNIST = PublishedFiles(
    "mnist", "MNIST", "https://ossci-datasets.s3.amazonaws.com/mnist/",
    _idx(
        "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
    ),
)  # fmt: skip
FASHION_MNIST = PublishedFiles(
    "fashion_mnist", "Fashion-MNIST", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    _idx(
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
    ),
)  # fmt: skip


class Datasets(dict[str, Dataset]):
    """Word to row. The word of one's own data is not among them, and says its row itself."""

    def __missing__(self, word: str) -> Dataset:
        """Raises KeyError for what is no word, and InvalidChoice for one of one's own data that cannot be."""
        if not is_own(word):
            raise KeyError(word)
        own = own_set(word)
        points = own.features == 2
        if points:
            meaning = f"Data of one's own: {own.examples:,} points in the plane, {own.classes} classes."
        else:
            meaning = (
                f"Data of one's own: {own.examples:,} examples of {own.features} columns, {own.classes} classes."
            )
        columns = 0 if points else own.features
        return Dataset(own.name, own.classes, plane=points, side=0, meaning=meaning, columns=columns)


DATASETS = Datasets({
    "digits": Dataset("digits", meaning="1,797 handwritten digits of scikit-learn, 8 x 8 pixels from 0 to 1."),
    "digits_normalized": Dataset("digits, normalized", meaning="The digits, each pixel with mean 0 and deviation 1."),
    "digits_whitened": Dataset("digits, whitened", meaning="The digits, normalized and without correlations."),
    "spirals": Dataset("spirals", 3, plane=True, noise=0.1, meaning="Points in the plane: three arms, one a class."),
    "moons": Dataset("moons", 2, plane=True, noise=0.12, meaning="Points in the plane: two half moons."),
    "circles": Dataset("circles", 2, plane=True, noise=0.1, meaning="Points in the plane: a ring around a ring."),
    "xor": Dataset("XOR", 2, plane=True, noise=0.1, meaning="Points in the plane: opposite corners are one class."),
    "gaussians": Dataset("gaussians", 4, plane=True, noise=0.3, meaning="Points in the plane: four clouds."),
    "mnist": Dataset("MNIST", side=28, files=MNIST, meaning="70,000 handwritten digits, 28 x 28 pixels from 0 to 1."),
    "mnist_binary": Dataset("MNIST binary", side=28, files=MNIST, meaning="MNIST with every pixel black or white."),
    "fashion_mnist": Dataset(
        "Fashion-MNIST", side=28, files=FASHION_MNIST,
        meaning="70,000 pictures of ten kinds of clothes, 28 x 28 pixels from 0 to 1.",
    ),
})  # fmt: skip
"""Word to row, in the order of menus."""


def data_name(word: str) -> str:
    """The word as a sentence has it: one's own data are called by their name."""
    return word if word in DATASETS else DATASETS[word].label
