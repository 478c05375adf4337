"""Image sets: four gzipped IDX files each, found, checked and read, or refused in one clear sentence."""

import gzip
import hashlib
import struct
from dataclasses import replace

import numpy as np
import pytest

from bnviz.datasets import DATASETS
from bnviz.engine import images
from bnviz.engine.download import DataUnavailable
from bnviz.engine.images import (
    IMAGES_MAGIC,
    LABELS_MAGIC,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    fetch,
    read,
    read_idx,
)


def idx(array):
    """A gzipped IDX file as bytes: magic, sizes, values."""
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    return gzip.compress(header + array.astype(np.uint8).tobytes(), mtime=0)


def tiny(first):
    """The four files of a published set of 3 training and 2 test pictures."""
    pictures = np.arange(first, first + 20).reshape(5, 2, 2)
    return {
        TRAIN_IMAGES: idx(pictures[:3]), TRAIN_LABELS: idx(np.array([first, 1, 2])),
        TEST_IMAGES: idx(pictures[3:]), TEST_LABELS: idx(np.array([first, 4])),
    }


FILES = {"mnist": tiny(0), "fashion_mnist": tiny(100)}


def published(word):
    """The tiny files as if they were those that the world knows by this name."""
    checksums = {name: hashlib.md5(content).hexdigest() for name, content in FILES[word].items()}
    return replace(DATASETS[word].files, url="http://127.0.0.1:9/", checksums=checksums)


MNIST, FASHION = published("mnist"), published("fashion_mnist")


def write(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder, no network, and the tiny sets as the published ones."""
    monkeypatch.setenv("BNVIZ_DATA", str(tmp_path))
    for word in FILES:
        monkeypatch.setitem(DATASETS, word, replace(DATASETS[word], files=published(word)))
    return tmp_path


@pytest.mark.parametrize("where", ["", "mnist"])
def test_the_files_are_found_in_the_data_folder_or_in_the_sets_own(data, where):
    write(data / where, FILES["mnist"])
    assert fetch(MNIST)[3] == data / where / TEST_LABELS


def test_pictures_and_labels_are_what_the_files_hold(data):
    write(data, FILES["mnist"])
    seen = read(MNIST)
    assert seen.x.tolist() == np.arange(20).reshape(5, 4).tolist()
    assert (seen.y.tolist(), seen.trainable) == ([0, 1, 2, 0, 4], 3)


def test_the_checksum_tells_the_two_sets_apart(data):
    write(data, FILES["mnist"])
    write(data / "fashion_mnist", FILES["fashion_mnist"])
    assert read(FASHION).y.tolist() == [100, 1, 2, 100, 4]


def test_the_other_sets_files_in_the_shared_folder_are_no_error_but_not_taken(data):
    write(data, FILES["mnist"])
    with pytest.raises(DataUnavailable, match="could not be downloaded"):
        fetch(FASHION)


def test_the_other_sets_file_in_the_sets_own_folder_is_named(data):
    write(data / "mnist", FILES["mnist"] | {TEST_IMAGES: FILES["fashion_mnist"][TEST_IMAGES]})
    with pytest.raises(DataUnavailable, match=f"{TEST_IMAGES} of Fashion-MNIST, not {TEST_IMAGES} of MNIST"):
        fetch(MNIST)


WHOLE = FILES["mnist"][TRAIN_IMAGES]
DAMAGED = {
    "cut short": (WHOLE[:-10], "ends early"),
    "empty": (b"", "should hold images and holds something that starts with nothing"),
    "not gzip": (b"<html>404</html>", "no sound gzip file"),
    "a bit flipped": (WHOLE[:-6] + bytes([WHOLE[-6] ^ 1]) + WHOLE[-5:], "no sound gzip file"),
    "labels": (idx(np.array([1, 2])), "should hold images and holds labels"),
    "another format": (gzip.compress(b"\x89PNG rest"), "holds something that starts with 89504e47"),
    "fewer values than promised": (
        gzip.compress(struct.pack(">4I", IMAGES_MAGIC, 9, 2, 2) + bytes(8)), "promises 36 values and holds 8",
    ),
    "only a magic number": (gzip.compress(struct.pack(">I", IMAGES_MAGIC)), "promises 1 values and holds 0"),
    "other pictures": (idx(np.ones((3, 2, 2))), "checksum .* is not the published one of MNIST"),
}


@pytest.mark.parametrize(("content", "found"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_with_what_was_found_and_what_to_do(data, content, found):
    write(data, FILES["mnist"] | {TRAIN_IMAGES: content})
    with pytest.raises(DataUnavailable, match=found) as caught:
        read(MNIST)
    assert caught.value.path == data / TRAIN_IMAGES and "delete it to download it again" in str(caught.value)


@pytest.mark.parametrize("content", [content for content, _ in DAMAGED.values()], ids=DAMAGED)
def test_the_sentence_names_no_folder_of_this_machine_and_the_log_does(data, content, caplog):
    write(data, FILES["mnist"] | {TRAIN_IMAGES: content})
    with pytest.raises(DataUnavailable) as caught:
        read(MNIST)
    assert str(data) not in str(caught.value) and str(data) in caplog.text


def test_the_labels_of_the_same_set_in_the_place_of_its_pictures_are_named(data):
    write(data, FILES["mnist"] | {TRAIN_IMAGES: FILES["mnist"][TRAIN_LABELS]})
    with pytest.raises(DataUnavailable, match=f"it is {TRAIN_LABELS} of MNIST, not {TRAIN_IMAGES} of MNIST"):
        fetch(MNIST)


def test_a_damaged_file_is_left_as_it_is(data):
    write(data, FILES["mnist"] | {TEST_IMAGES: b"mine"})
    with pytest.raises(DataUnavailable):
        fetch(MNIST)
    assert (data / TEST_IMAGES).read_bytes() == b"mine"


def test_labels_are_read_as_one_row(tmp_path):
    (tmp_path / "labels").write_bytes(idx(np.array([3, 1, 4])))
    assert read_idx(tmp_path / "labels", LABELS_MAGIC).tolist() == [3, 1, 4]


def test_without_the_environment_variable_the_users_cache_is_the_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("BNVIZ_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert images.data_folder() == tmp_path / "bnviz"


def test_only_image_sets_are_fetched_and_a_reader_is_told_how_far_a_download_is(monkeypatch):
    fetched, told = [], []

    def fetch(files, progress):
        fetched.append(files.title)
        progress(3_200_000, 9_900_000)

    monkeypatch.setattr(images, "fetch", fetch)
    images.fetch_for(["digits", "mnist", "spirals", "mnist_binary"], told.append)
    assert fetched == ["MNIST"] and told == ["Downloading MNIST: 3.2 of 9.9 MB of this file."]
