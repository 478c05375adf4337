"""What a page says of a trial's run: which setting was judged, what came out, and why, as far as that is explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bnviz.experiment import arm_label
from bnviz.lessons.lesson import UNDECIDED, Finding, Trial
from bnviz.run import FIELDS, Run
from bnviz.snapshot import History
from bnviz.wording import plural, sentences, written


@dataclass(frozen=True)
class Verdict:
    """A finding, the setting it is about, and an explanation that holds for this outcome in this setting."""

    finding: Finding
    setting: str
    why: str


def judge(trial: Trial, history: History) -> Verdict:
    """The verdict on a run of the trial that has come to its last step, whatever was changed of it before and since."""
    finding, changes = trial.check(history), changed(trial, history)
    told = "; ".join([*(changes or ["nothing changed"]), _seeds(history)])
    setting = sentences(f"Judged at step {trial.steps:,}: {told}.", _diverged(trial, history))
    own = not changes and history.experiment.seeds == trial.experiment.seeds
    return Verdict(finding, setting, explained(trial, finding.outcome, bool(changes), own))


def changed(trial: Trial, history: History) -> list[str]:
    """What this run has otherwise than the trial itself, seeds aside: ``learning rate 0.3 instead of 0.1``."""
    found = {
        _change(name, run, own): None
        for run, own in zip(history.experiment.arms.values(), trial.experiment.arms.values(), strict=True)
        for name in FIELDS
        if getattr(run, name) != getattr(own, name)
    }
    own = History(trial.experiment).events
    events = [event for event in history.events if event.step < trial.steps and event not in own]
    return [*found, *(f"from step {event.step:,} {event.text}" for event in events)]


def explained(trial: Trial, outcome: str, changed: bool, own: bool = False) -> str:
    """The explanation that holds for this outcome: the trial's own, another that it has, or that there is none.

    ``changed``: choices are others than the trial's; ``own``: all is the trial's own, seeds too.
    """
    if outcome == trial.expected:
        return f"**Why, in the trial’s own setting.** {trial.why}" if changed else f"**Why.** {trial.why}"
    if outcome in trial.otherwise:
        return f"**Why.** {trial.otherwise[outcome]}"
    lead = (
        "**Not decided.** The seeds differ by too much for any of the answers; that does not make them alike."
        if outcome == UNDECIDED
        else "**Not explained here.** This is another answer."
    )
    answer = trial.predictions[trial.expected]
    return sentences(
        lead,
        f"When this very setting was recorded it was “{answer}”. Processors round differently, training makes small "
        f"differences large, and here the answers lie as close as that. The reason then: {trial.why}"
        if own
        else f"With the trial’s own setting and seeds it was “{answer}”, for a reason that need not hold now: "
        f"{trial.why}",
    )


def _change(name: str, run: Run, own: Run) -> str:
    now, then = (_said(name, each, "g") for each in (run, own))
    if now == then:  # but for digits that are not shown
        now, then = (_said(name, each, "") for each in (run, own))
    return f"{FIELDS[name].label.lower()} {now} instead of {then}"


def _said(name: str, run: Run, form: str) -> str:
    choice = getattr(run, name)
    return FIELDS[name].empty if choice is None else written(choice, form) if isinstance(choice, float) else str(choice)


def _seeds(history: History) -> str:
    seeds = history.experiment.seeds
    if len(seeds) > 2 and seeds == tuple(range(seeds[0], seeds[0] + len(seeds))):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return plural(len(seeds), "seed {which}", "seeds {which}", which=", ".join(map(str, seeds)))


def _diverged(trial: Trial, history: History) -> str:
    seeds = len(history.experiment.seeds)
    at = {arm: np.asarray(readings["diverged_at"], dtype=float) for arm, readings in history.latest.arms.items()}
    gone = {arm: int((steps <= trial.steps).sum()) for arm, steps in at.items()}
    told = ", ".join(f"{arm_label(arm)} in {count} of {seeds} seeds" for arm, count in gone.items() if count)
    return f"Diverged by then: {told}." if told else ""
