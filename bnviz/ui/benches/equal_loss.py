"""Both networks where they have the same loss: what the gradient promises there, and what a step keeps of it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.charts.walks import ONE_STEP, walks
from bnviz.experiment import arm_label
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.matching import walk_at_loss
from bnviz.recordings import recording_of
from bnviz.snapshot import History
from bnviz.ui.benches.pieces import WIDTH, figure, text

KEY = "bench.equal_loss"
LOSSES = (2.3, 2.0, 1.5, 1.0, 0.7, 0.5, 0.3, 0.2, 0.15, 0.1)
USUAL = 0.5


@st.fragment
def show() -> None:
    """A slider for the loss; the walk of either arm from there, of the trial's recorded run."""
    history = _recorded()
    places = {loss: steps for loss in LOSSES if len(steps := _steps(history, loss)) == len(history.experiment.arms)}
    loss = st.select_slider("Loss, nats", places, USUAL, key=f"{KEY}.loss", width=WIDTH, format_func=text)
    found = {arm: _walk(history, arm, step) for arm, step in places[loss].items()}
    figure(walks(found), f"{KEY}.figure")
    st.markdown("  \n".join(_said(arm, *found[arm], step) for arm, step in places[loss].items()))
    run = next(iter(history.experiment.arms.values()))
    st.caption(
        f"Recorded: {run.data}, {run.layers}, rate {run.learning_rate:g}, seed "
        f"{history.experiment.seeds[0]}, the same {run.batch_size} examples at every step and for both."
    )


def _recorded() -> History:
    (experiment,) = {trial.experiment for trial in LESSONS["landscape"].trials if trial.slug == "equal_loss"}
    history = recording_of(experiment, ("promise",))
    if history is None:
        raise FileNotFoundError("the recorded run of the trial at equal loss is missing: make recordings")
    return history


def _steps(history: History, loss: float) -> dict[str, int]:
    """Where each arm has this loss; an arm that never has is left out."""
    found = {arm: walk_at_loss(history, arm, loss) for arm in history.experiment.arms}
    return {arm: step for arm, step in found.items() if step is not None}


def _walk(history: History, arm: str, step: int) -> tuple[np.ndarray, float]:
    seen = history.at(step)[arm]
    return np.asarray(seen["loss_along"], dtype=float), float(seen["promised_decrease"][0])


def _said(arm: str, along: np.ndarray, promised: float, step: int) -> str:
    kept = (along[0] - along[ONE_STEP]) / promised
    return (
        f"**{arm_label(arm)}** has a loss of {text(along[0], 3)} at step {step:,}; of the {text(promised, 3)} that its "
        f"gradient promises, one step keeps {kept:.0%}.".replace("-", "−")
    )
