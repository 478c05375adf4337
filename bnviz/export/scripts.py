"""An experiment's run as a script, or in parts: which arm, which seed, and the rates that come on the way."""

from __future__ import annotations

from bnviz.code.script import to_script
from bnviz.code.script_data import training_examples
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice, quoted, whole_number
from bnviz.run import Run

STEPS = 500


def script(experiment: Experiment, arm: str | None = None, seed: int | None = None, steps: int = STEPS) -> str:
    """One network of the experiment as a program that trains it again, and prints the losses that bnviz shows.

    One file for PyTorch, numpy and scikit-learn, without bnviz: the same data,
    initial weights and mini-batches to the bit, the same rates, the same noise
    and dropout; losses agree but for rounding. ``arm`` and ``seed`` are the
    first ones, unless others are named. MNIST and Fashion-MNIST are read from
    the folder that the program is told; painted points stand in it.

    Raises:
        InvalidChoice: the experiment has no such arm or seed, fewer training examples than a mini-batch, or data of
            your own that are not painted points.
        ValueError: ``steps`` is no whole number, or less than 1.
    """
    arm, seed = arm_of(experiment, arm), seed_of(experiment, seed)
    run = trainable(experiment.arms[arm])
    return to_script(run, seed, whole_number("steps", steps, 1), rates_of(experiment, arm))


def arm_of(experiment: Experiment, arm: str | None) -> str:
    """This arm, or the first. Raises InvalidChoice for one that there is not."""
    if arm is not None and arm not in experiment.arms:
        raise InvalidChoice(f"arm was {quoted(arm)}; allowed here are {', '.join(experiment.arms)}.")
    return next(iter(experiment.arms)) if arm is None else arm


def seed_of(experiment: Experiment, seed: int | None) -> int:
    """This seed, or the first. Raises InvalidChoice for one that there is not."""
    if seed is not None and seed not in experiment.seeds:
        raise InvalidChoice(f"seed was {quoted(seed)}; allowed here are {', '.join(map(str, experiment.seeds))}.")
    return experiment.seeds[0] if seed is None else seed


def trainable(run: Run) -> Run:
    """The run, if a program can hold it and its data, and a mini-batch fits. Raises InvalidChoice where not."""
    return run.fitting(training_examples(run.told_in("a program")))


def rates_of(experiment: Experiment, arm: str) -> dict[int, float]:
    """The learning rates that come later, by the number of steps after which they do."""
    return {change.step: change.rate for change in experiment.changes if change.arm in (None, arm)}
