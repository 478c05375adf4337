"""Sentences of studies: which of two signals is nearer to a Gaussian, and what a plain network has more of than BN."""

import pytest

from bnviz.lessons.measured import SENTENCES, found
from bnviz.study import STUDIES
from bnviz.table import Table

SEEDS = range(10)


def distances(step=0, **pairs):
    """A network a seed for each activation, ``activation=(u's distance, that of Wu + b)``, a little apart by seed."""
    return Table.of(
        STUDIES["gaussianity"].columns,
        [[activation, step, seed, signal, far + 1e-4 * seed * place, 0.0] for activation, pair in pairs.items()
         for seed in SEEDS for place, (signal, far) in enumerate(zip(("u", "Wu + b"), pair, strict=True))],
    )  # fmt: skip


def units(plain, bn):
    """Both arms' class share, offset and what gradients keep: two units each, of which the classes share the rest."""
    rows = []
    for arm, (named, offset, kept) in (("plain", plain), ("bn", bn)):
        for seed in SEEDS:
            rows += [[arm, seed, "last hidden", unit, offset, None, None] for unit in (1, 2)]
            rows += [[arm, seed, "output", unit + 1, 1.0, share, None] for unit, share in enumerate((named, 1 - named))]
            rows += [[arm, seed, layer, None, None, None, kept] for layer in ("last hidden", "output")]
    return Table.of(STUDIES["channels"].columns, rows)


def test_what_has_a_sentence_is_a_study():
    assert set(SENTENCES) <= set(STUDIES)


def test_activations_are_sorted_by_which_signal_is_nearer_to_a_gaussian():
    table = distances(relu=(0.25, 0.05), tanh=(0.1, 0.1), sigmoid=(0.05, 0.2), elu=(0.2, 0.1))
    assert found("gaussianity", table) == (
        "Before the first step Wu + b is nearer to a Gaussian than u: relu, elu; as near, within 0.01: tanh; farther "
        "from it: sigmoid."
    )


def test_seeds_that_contradict_each_other_tell_nothing():
    table = distances(relu=(0.25, 0.05))
    read = zip(table.numbers("seed"), table.numbers("distance"), strict=True)
    turned = [0.3 - far if seed % 2 else far for seed, far in read]
    said = found("gaussianity", Table({**table.columns, "distance": turned}))
    assert "not told by these seeds: relu" in said


def test_trained_networks_have_a_sentence_of_their_own():
    assert found("gaussianity", distances(800, relu=(0.25, 0.05))).startswith("After 800 steps Wu + b is nearer")


@pytest.mark.parametrize(
    ("plain", "bn", "words"),
    [
        ((0.9, 8.0, 0.5), (0.3, 0.5, 0.1), "more than BN"),
        ((0.6, 0.5, 0.1), (0.9, 8.0, 0.5), "less than BN"),
        ((0.9, 1.0, 0.5), (0.9, 1.0, 0.5), "as BN"),
    ],
)
def test_each_reading_of_the_plain_network_is_held_against_bn_s(plain, bn, words):
    assert found("channels", units(plain, bn)).count(f"; {words}: plain.") == 3


def test_the_largest_class_the_median_unit_and_the_whole_gradient_are_named():
    said = found("channels", units((0.9, 8.0, 0.5), (0.3, 0.5, 0.1)))
    assert "most frequent class: plain 90.0% (10 seeds, 90.0–90.0), BN 70.0%" in said
    assert "in its deviations: plain 8 (10 seeds" in said and "in its weights: plain 50.0%" in said


def test_while_it_is_measured_nothing_is_said():
    whole = distances(relu=(0.25, 0.05))
    assert not found("gaussianity", Table(whole.columns, 0.5))


def test_a_study_without_a_sentence_says_nothing():
    assert not found("cost", Table({}, 1.0))
