"""A word that names data of one's own says what they are, and nothing that nobody could have made is one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.about import about
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.link import from_query, to_query
from bnviz.own_words import EXTENT, FINEST, own_set, painted_classes, points_of, word_of_points
from bnviz.run import Run

PLACES = st.lists(st.tuples(st.integers(0, FINEST), st.integers(0, FINEST)), min_size=12, max_size=60)
KEPT = "own.iris.150x4x3." + "0" * 32


def at(places):
    return (np.array(places) / FINEST * 2 - 1) * EXTENT


def painted(count=12, classes=2):
    return word_of_points(at([(80 * place, 40 * place) for place in range(count)]), np.arange(count) % classes, "mine")


@given(PLACES)
def test_points_are_read_from_their_word_as_they_were_written(places):
    labels = np.arange(len(places)) % 5
    x, y = points_of(own_set(word_of_points(at(places), labels, "mine")))
    assert np.allclose(x, at(places), atol=1e-6) and y.tolist() == labels.tolist()


def test_two_points_are_six_bytes_as_the_page_writes_them():
    corners = np.array([[-EXTENT, -EXTENT], [EXTENT, EXTENT]] * 5)
    assert own_set(word_of_points(corners, np.array([0, 4] * 5), "mine")).content == "AAAA__9P" * 5


@given(PLACES)
def test_an_experiment_on_painted_points_comes_back_from_its_link(places):
    run = Run(dataset=word_of_points(at(places), np.arange(len(places)) % 2, "Mine"), batch_size=2)
    experiment = Experiment(arms={"plain": run, "bn": run.replace(normalization="batch")})
    assert from_query(to_query(experiment)) == experiment


def test_a_row_follows_from_the_word():
    table, plane = DATASETS[KEPT], DATASETS[painted(classes=3)]
    assert (table.label, table.features, table.classes, table.plane, table.picture) == ("iris", 4, 3, False, False)
    assert (plane.features, plane.classes, plane.plane) == (2, 3, True)
    assert KEPT not in DATASETS


def test_a_run_is_told_by_the_name_of_its_data():
    run = Run(dataset=KEPT)
    assert run.describe().startswith("iris, 3 x 100 sigmoid")
    assert about(Experiment(arms={"plain": run})).startswith("iris, ")


@pytest.mark.parametrize(
    "word",
    [
        "own.iris.150x4x3." + "g" * 32, "own.iris.150x4x3." + "0" * 31, "own..150x4x3." + "0" * 32,
        "own.a b.150x4x3." + "0" * 32, "points.mine.12x2x2." + "A" * 48, "points.mine.12x3x2." + "A" * 48,
        "points.mine.11x2x2." + painted().rpartition(".")[2], painted().replace("x2x2", "x2x3"), "own.", "points.a",
    ],
)  # fmt: skip
def test_what_names_no_data_is_refused_and_says_where_words_come_from(word):
    with pytest.raises(InvalidChoice, match=r"names no data of one's own.*bnviz\.dataset_from"):
        Run(dataset=word)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ("9x4x3", "There were 9 examples; allowed are 10 to 20,000"),
        ("150x257x3", "257 columns of numbers; allowed are 1 to 256"),
        ("20000x30x3", "600,000 numbers; allowed are 400,000"),
        ("150x4x11", "There were 11 classes; allowed are 2 to 10"),
        ("500x2x6", "There were 6 classes; allowed are 2 to 5 in the plane"),
        ("150x4x1", "There was one class; allowed are 2 to 10"),
    ],
)
def test_sizes_that_are_not_allowed_are_named(shape, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Run(dataset=f"own.iris.{shape}.{'0' * 32}")


def test_a_mini_batch_is_no_larger_than_what_is_trained_on():
    with pytest.raises(InvalidChoice, match=r"batch_size was 60; allowed with mine is 1 to 9.*try 2"):
        Run(dataset=painted(12))


def test_a_table_is_no_picture():
    with pytest.raises(InvalidChoice, match="allowed with iris is mlp"):
        Run(dataset=KEPT, network="cnn")


def test_a_word_that_is_none_is_refused_by_the_menu():
    with pytest.raises(InvalidChoice, match="allowed is digits, "):
        Run(dataset="cifar")


@pytest.mark.parametrize(("letters", "classes"), [("AAAA__9P", 5), ("AAAA", 1), ("", 0), ("*", 0), ("AAA", 0)])
def test_a_painting_has_as_many_classes_as_its_largest_number_says(letters, classes):
    assert painted_classes(letters) == classes
