"""What a map says in words: how many networks train, and where the arms differ. Sentences computed from its pixels."""

from __future__ import annotations

from collections.abc import Mapping

from bnviz.charts.pixels import NOTHING, TRAINED, Pixels
from bnviz.experiment import arm_label
from bnviz.sweeps import Map, trained_from
from bnviz.wording import either, sentences, written

CLOSE = (
    "This far in, neighbours differ by less than float32 keeps through training: these networks train in float64, "
    "which takes twice as long. In the Lab one of them trains in float32."
)


def shares(drawn: Map, shown: Mapping[str, Pixels]) -> dict[str, tuple[int, int, float]]:
    """For each arm how many pixels show a network that trained, how many show one at all, and the accuracy asked."""
    found = {}
    for arm, picture in shown.items():
        accuracy = trained_from(drawn.experiment.arms[arm])
        found[arm] = (*picture.trained(accuracy), accuracy)
    return found


def notes(drawn: Map, shown: Mapping[str, Pixels]) -> dict[str, str]:
    """For each arm ``522 of 1,024 train (51.0%)``."""
    found = shares(drawn, shown)
    return {
        arm: f"{trained:,} of {known:,} train ({trained / max(known, 1):.1%})"
        for arm, (trained, known, _) in found.items()
    }


def comparison(drawn: Map, shown: Mapping[str, Pixels]) -> str:
    """Where only one of two arms trains, pixel by pixel; of a single arm, how many train."""
    if len(shown) != 2:
        return " ".join(f"{arm_label(arm)}: {note}." for arm, note in notes(drawn, shown).items())
    (first, one), (second, other) = shown.items()
    good = [
        (picture.kind == TRAINED) & (picture.of("test_accuracy") >= trained_from(drawn.experiment.arms[arm]))
        for arm, picture in shown.items()
    ]
    known = (one.kind != NOTHING) & (other.kind != NOTHING)
    alone = [int((good[0] & ~good[1] & known).sum()), int((good[1] & ~good[0] & known).sum())]
    both = int((good[0] & good[1]).sum())
    return (
        f"Of {int(known.sum()):,} pairs of networks with the same choices, both train in {both:,}, only "
        f"{arm_label(second)} in {alone[1]:,}, only {arm_label(first)} in {alone[0]:,}."
    )


def threshold_line(drawn: Map, shown: Mapping[str, Pixels]) -> str:
    """What counts as trained."""
    asked = sorted({accuracy for *_, accuracy in shares(drawn, shown).values()})
    words = either(written(accuracy, ".1%") for accuracy in asked)
    counted = (
        f"A network counts as trained if it did not diverge and names at least {words} of the test examples right "
        f"after {drawn.steps:,} steps: half way from guessing to certainty. One seed each: trust the regions, not a "
        "single pixel."
    )
    return sentences(counted, CLOSE if drawn.float64 else "")
