"""Datasets of pictures: one ``make_*()`` each, and the published files that they are read from.

MNIST and Fashion-MNIST are four gzipped IDX files each, looked for, checked
and downloaded. They use the same file names and the same format, so only the
checksum tells them apart. Plain numpy; no torch.
Format: LeCun, Cortes & Burges, "The MNIST database", file formats.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bnviz.datasets import DATASETS, FASHION_MNIST, IDX_FILES, MNIST, PublishedFiles
from bnviz.engine.download import DataUnavailable, Progress, cause, download, md5
from bnviz.folders import kept_in
from bnviz.wording import word

TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = IDX_FILES
IMAGES_MAGIC, LABELS_MAGIC = 0x0803, 0x0801
BRIGHT = 127
"""Pixels above this, half of 255, are 1 in a binary picture."""
WORTH_KEEPING = 1e-3
"""Whitening makes every direction as long as the others, but for those with less than this share of the variance of
the first: they would be noise."""


class Pictures(NamedTuple):
    """Pictures ``(n, pixels)``, float32 from 0 to 1 or uint8, and their labels ``(n,)``.

    The first ``trainable`` of them were published to train on and the rest to
    test on; with 0 nobody has parted them yet.
    """

    x: np.ndarray
    y: np.ndarray
    trainable: int = 0


def make_digits() -> Pictures:
    """1,797 handwritten digits of 8 x 8 pixels, which come with scikit-learn."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return Pictures((x / 16).astype(np.float32), y)


def as_in(word: str, x: np.ndarray) -> np.ndarray:
    """A picture with shades from 0 to 1, ``(pixels,)``, as it would stand in this dataset: float32."""
    if word == "mnist_binary":
        return (x > BRIGHT / 255).astype(np.float32)
    if word not in _TURNED:
        return x
    middle, turn = _turn(word)
    turned: np.ndarray = (x - middle) @ turn
    return turned.astype(np.float32)


@lru_cache
def _turn(word: str) -> tuple[np.ndarray, np.ndarray]:
    """The mean of the digits, and the linear map that makes this dataset of them once it is subtracted."""
    centred, _ = _centred_digits()
    turned = _TURNED[word]().x.astype(np.float64)
    return make_digits().x.mean(0, dtype=np.float64), np.linalg.lstsq(centred, turned, rcond=None)[0]


def make_digits_normalized() -> Pictures:
    """The digits, each pixel with mean 0 and variance 1 over all of them; a pixel that never changes is 0.

    Source: LeCun et al. 1998, section 4.3.
    """
    centred, y = _centred_digits()
    deviation = centred.std(0)
    return Pictures((centred / np.where(deviation > 0, deviation, 1)).astype(np.float32), y)


def make_digits_whitened() -> Pictures:
    """The digits, their pixels uncorrelated and of equal variance: every direction that they vary in has variance 1.

    Directions with less than ``WORTH_KEEPING`` of the largest variance are
    noise and become 0; the others are turned back, so that pixels stay pixels.
    Source: LeCun et al. 1998, section 4.3.
    """
    centred, y = _centred_digits()
    variances, directions = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = variances > WORTH_KEEPING * variances[-1]
    along = centred @ directions[:, kept] / np.sqrt(variances[kept])
    return Pictures((along @ directions[:, kept].T).astype(np.float32), y)


_TURNED = {"digits_normalized": make_digits_normalized, "digits_whitened": make_digits_whitened}


def _centred_digits() -> tuple[np.ndarray, np.ndarray]:
    """The digits less each pixel's mean, and their labels."""
    x, y, _ = make_digits()
    return x - x.mean(0, dtype=np.float64), y


def make_mnist() -> Pictures:
    """70,000 handwritten digits of 28 x 28 pixels."""
    return read(MNIST)


def make_mnist_binary() -> Pictures:
    """MNIST in black and white."""
    x, y, trainable = read(MNIST)
    return Pictures(255 * (x > BRIGHT).astype(np.uint8), y, trainable)


def make_fashion_mnist() -> Pictures:
    """70,000 articles of clothing of 28 x 28 pixels."""
    return read(FASHION_MNIST)


def data_folder() -> Path:
    """The folder the environment variable BNVIZ_DATA names, or one in the user's cache."""
    return kept_in("BNVIZ_DATA")


def fetch(files: PublishedFiles, progress: Progress | None = None, seconds: float = 120.0) -> list[Path]:
    """Where the files of a published set lie, in their order; what is missing is downloaded first.

    A file is looked for in the data folder itself and in the set's folder there.

    Raises:
        DataUnavailable: a file is damaged, or missing and not to be had within
            ``seconds``.
    """
    return [_find(files, name) or _fetch(files, name, progress, seconds) for name in files.checksums]


def fetch_for(datasets: Iterable[str], say: Callable[[str], None]) -> None:
    """Fetch the image sets among these datasets, telling a reader in a sentence how far a download is."""
    wanted = {files.folder: files for word in datasets if (files := DATASETS[word].files)}
    for files in wanted.values():

        def tell(done: int, total: int | None, title: str = files.title) -> None:
            mega = done / 1e6
            say(
                f"Downloading {title}: {mega:.1f} of {total / 1e6:.1f} MB of this file." if total
                else f"Downloading {title}: {mega:.1f} MB of this file."
            )  # fmt: skip

        fetch(files, tell)


def read(files: PublishedFiles) -> Pictures:
    """The pictures and labels of a published set. Raises DataUnavailable as ``fetch`` and ``read_idx`` do."""
    train_x, train_y, test_x, test_y = (
        read_idx(path, IMAGES_MAGIC if "images" in name else LABELS_MAGIC)
        for name, path in zip(IDX_FILES, fetch(files), strict=True)
    )
    pixels = np.concatenate([train_x, test_x])
    return Pictures(pixels.reshape(len(pixels), -1), np.concatenate([train_y, test_y]), len(train_y))


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
    words = {IMAGES_MAGIC: word("images"), LABELS_MAGIC: word("labels")}
    found_magic = int.from_bytes(data[:4], "big")
    if found_magic != magic:
        should, begins = words[magic], data[:4].hex() or word("nothing")
        if found_magic in words:
            raise _unusable(path, f"it should hold {should} and holds {words[found_magic]}")
        raise _unusable(path, f"it should hold {should} and holds something that starts with {begins}")
    dimensions = magic & 0xFF
    sizes = np.frombuffer(data, ">u4", dimensions, 4) if len(data) >= 4 + 4 * dimensions else np.array([1])
    promised, there = int(np.prod(sizes, dtype=np.int64)), len(data) - 4 - 4 * dimensions
    if promised != there:
        raise _unusable(path, f"it promises {promised:,} values and holds {max(there, 0):,}")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape([int(size) for size in sizes])


def _find(files: PublishedFiles, name: str) -> Path | None:
    """The sound file of this set, or None where there is none (or only another set's file of that name)."""
    of_any_set = {other.checksums[name] for other in _published()}
    for path in (data_folder() / files.folder / name, data_folder() / name):
        if path.is_file():
            checksum = md5(path)
            if checksum == files.checksums[name]:
                return path
            if checksum not in of_any_set or path.parent.name == files.folder:
                raise _diagnose(path, files, name, checksum)
    return None


def _published() -> list[PublishedFiles]:
    return [row.files for row in DATASETS.values() if row.files]


def _fetch(files: PublishedFiles, name: str, progress: Progress | None, seconds: float) -> Path:
    path = data_folder() / files.folder / name
    download(files.url + name, path, files.checksums[name], seconds, progress)
    return path


def _diagnose(path: Path, files: PublishedFiles, name: str, checksum: str) -> DataUnavailable:
    """What is wrong with a file whose checksum is not the published one, as exactly as can be told."""
    for other in _published():
        for known, known_checksum in other.checksums.items():
            if checksum == known_checksum:
                return _unusable(path, f"it is {known} of {other.title}, not {name} of {files.title}")
    try:
        read_idx(path, IMAGES_MAGIC if "images" in name else LABELS_MAGIC)
    except DataUnavailable as error:
        return error
    return _unusable(path, f"its checksum {checksum} is not the published one of {files.title}")


def _unusable(path: Path, found: str) -> DataUnavailable:
    return DataUnavailable(
        f"{path.name} in the data folder cannot be used: {found}. Put the published file there, or delete it to "
        "download it again.",
        path,
    )
