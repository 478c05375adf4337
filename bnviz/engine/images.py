"""MNIST and Fashion-MNIST: four gzipped IDX files each, looked for, checked, downloaded, read.

The two sets use the same file names and the same format (28 x 28 grey
pixels), so only the checksum tells them apart. Plain numpy; no torch.
Format: LeCun, Cortes & Burges, "The MNIST database", file formats.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bnviz.engine.download import DataUnavailable, Progress, cause, download, md5
from bnviz.folders import kept_in

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"

IMAGES_MAGIC, LABELS_MAGIC = 0x0803, 0x0801


@dataclass(frozen=True)
class ImageSet:
    """A published image data set: its title, where it is, and the MD5 sum of each of its files."""

    title: str
    url: str
    files: dict[str, str]


PUBLISHED = {"mnist": "mnist", "mnist_binary": "mnist", "fashion_mnist": "fashion_mnist"}
"""A dataset of pictures to the published set whose files it is made of."""


IMAGE_SETS: dict[str, ImageSet] = {
    "mnist": ImageSet(
        "MNIST",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        {
            TRAIN_IMAGES: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            TRAIN_LABELS: "d53e105ee54ea40749a09fcbcd1e9432",
            TEST_IMAGES: "9fb629c4189551a2d022fa330f9573f3",
            TEST_LABELS: "ec29112dd5afa0611ce80d1b7f02629c",
        },
    ),
    "fashion_mnist": ImageSet(
        "Fashion-MNIST",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        {
            TRAIN_IMAGES: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            TRAIN_LABELS: "25c81989df183df01b3e8a0aad5dffbe",
            TEST_IMAGES: "bef4ecab320f06d8554ea6380940ec79",
            TEST_LABELS: "bb300cfdad3c16e7a12a480ee83cd310",
        },
    ),
}


@dataclass(frozen=True)
class Images:
    """A set of pictures as published: uint8 pixels ``(examples, 784)`` and uint8 labels, train and test."""

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


def data_folder() -> Path:
    """The folder the environment variable BNVIZ_DATA names, or one in the user's cache."""
    return kept_in("BNVIZ_DATA")


def fetch(name: str, progress: Progress | None = None, seconds: float = 120.0) -> dict[str, Path]:
    """Where the four files of an image set lie; what is missing is downloaded first.

    A file is looked for in the data folder itself and in its folder ``name``.

    Raises:
        DataUnavailable: a file is damaged, or missing and not to be had within
            ``seconds``.
    """
    return {file: _find(name, file) or _fetch(name, file, progress, seconds) for file in IMAGE_SETS[name].files}


def fetch_for(datasets: Iterable[str], say: Callable[[str], None]) -> None:
    """Fetch the image sets among these datasets, telling a reader in a sentence how far a download is."""
    for name in sorted({PUBLISHED[word] for word in datasets if word in PUBLISHED}):

        def tell(done: int, total: int | None, title: str = IMAGE_SETS[name].title) -> None:
            of_all = f" of {total / 1e6:.1f}" if total else ""
            say(f"Downloading {title}: {done / 1e6:.1f}{of_all} MB of this file.")

        fetch(name, tell)


def load_images(name: str, progress: Progress | None = None) -> Images:
    """The pictures and labels of an image set. Raises DataUnavailable as ``fetch`` and ``read_idx`` do."""
    paths = fetch(name, progress)
    train_x, test_x = (read_idx(paths[file], IMAGES_MAGIC) for file in (TRAIN_IMAGES, TEST_IMAGES))
    train_y, test_y = (read_idx(paths[file], LABELS_MAGIC) for file in (TRAIN_LABELS, TEST_LABELS))
    return Images(train_x.reshape(len(train_x), -1), train_y, test_x.reshape(len(test_x), -1), test_y)


def read_idx(path: Path, magic: int) -> np.ndarray:
    """The uint8 array of a gzipped IDX file: ``(examples,)`` labels or ``(examples, rows, columns)`` images.

    Raises:
        DataUnavailable: the file is not gzip, ends early, has bytes to spare, or
            holds something other than ``magic`` promises.
    """
    try:
        with gzip.open(path) as file:
            data = file.read()
    except (OSError, EOFError, zlib.error) as error:
        found = "it ends early" if isinstance(error, EOFError) else f"it is no sound gzip file ({cause(error)})"
        raise _unusable(path, found) from error
    words = {IMAGES_MAGIC: "images", LABELS_MAGIC: "labels"}
    found_magic = int.from_bytes(data[:4], "big")
    if found_magic != magic:
        found = words.get(found_magic, f"something that starts with {data[:4].hex() or 'nothing'}")
        raise _unusable(path, f"it should hold {words[magic]} and holds {found}")
    dimensions = magic & 0xFF
    sizes = np.frombuffer(data, ">u4", dimensions, 4) if len(data) >= 4 + 4 * dimensions else np.array([1])
    promised, there = int(np.prod(sizes, dtype=np.int64)), len(data) - 4 - 4 * dimensions
    if promised != there:
        raise _unusable(path, f"it promises {promised:,} values and holds {max(there, 0):,}")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape([int(size) for size in sizes])


def _find(name: str, file: str) -> Path | None:
    """The sound file of this set, or None where there is none (or only the other set's file of that name)."""
    of_any_set = {other.files[file] for other in IMAGE_SETS.values()}
    for path in (data_folder() / name / file, data_folder() / file):
        if path.is_file():
            checksum = md5(path)
            if checksum == IMAGE_SETS[name].files[file]:
                return path
            if checksum not in of_any_set or path.parent.name == name:
                raise _diagnose(path, name, file, checksum)
    return None


def _fetch(name: str, file: str, progress: Progress | None, seconds: float) -> Path:
    path = data_folder() / name / file
    download(IMAGE_SETS[name].url + file, path, IMAGE_SETS[name].files[file], seconds, progress)
    return path


def _diagnose(path: Path, name: str, file: str, checksum: str) -> DataUnavailable:
    """What is wrong with a file whose checksum is not the published one, as exactly as can be told."""
    for other in IMAGE_SETS.values():
        for known, known_checksum in other.files.items():
            if checksum == known_checksum:
                return _unusable(path, f"it is {known} of {other.title}, not {file} of {IMAGE_SETS[name].title}")
    try:
        read_idx(path, IMAGES_MAGIC if "images" in file else LABELS_MAGIC)
    except DataUnavailable as error:
        return error
    return _unusable(path, f"its checksum {checksum} is not the published one of {IMAGE_SETS[name].title}")


def _unusable(path: Path, found: str) -> DataUnavailable:
    return DataUnavailable(
        f"{path.name} in the data folder cannot be used: {found}. Put the published file there, or delete it to "
        "download it again.",
        path,
    )
