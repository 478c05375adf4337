"""Whoever asks for a name that is not there hears which there are, and which is the nearest."""

import pytest

from bnviz import Experiment, History, Run
from bnviz.named import Named, NotThere
from bnviz.snapshot import Snapshot

TWINS = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")})


def test_a_missing_name_is_a_key_error_that_names_what_there_is_and_the_nearest():
    with pytest.raises(KeyError) as missing:
        _ = Named("arm", {"plain": 1, "batch": 2})["bach"]
    assert str(missing.value) == "there is no arm 'bach': there are plain, batch; try 'batch'."


@pytest.mark.parametrize(("names", "sentence"), [
    ((), "there is no arm 'bn': there is none."), (("plain",), "there is no arm 'bn': there is plain."),
])  # fmt: skip
def test_one_and_none_are_said_too(names, sentence):
    assert str(NotThere("arm", "bn", names)) == sentence


@pytest.mark.parametrize("ask", [
    lambda seen: seen.latest["no"], lambda seen: seen["no"], lambda seen: seen.series("no", "train_loss"),
    lambda seen: seen.experiment.arms["no"],
])  # fmt: skip
def test_an_arm_that_there_is_not_is_refused_by_everything_that_holds_arms(ask):
    seen = History(TWINS)
    seen.append(Snapshot(0, 0.0, {"plain": {}, "bn": {}}))
    with pytest.raises(NotThere, match="no arm 'no': there are plain, bn"):
        ask(seen)
