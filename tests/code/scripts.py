"""Scripts run in a process of their own, and how far rounding may lead them from what the engine makes of the same run.

How far that is, is measured: the same script in double precision, from weights that are moved by some last bits,
strays from it by what rounding did and would do. Another order of the same sums strays about as far, and may stray no
more than a multiple of that, or of a floor that doubles with every step.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from bnviz.code import to_script
from bnviz.engine import Lockstep
from bnviz.experiment import Experiment
from tests.code.clean import NUDGE

CLEAN = Path(__file__).with_name("clean.py")
DOUBLINGS = 12
STRAY = 8
"""Of 360 networks, most of them drawn at random, one strayed 5 times as far as this, and one twice."""


def run_scripts(cases, folder=""):
    """What the scripts of these cases, (run, seed, changes of the rate, steps), found: all in one process."""
    texts = [[to_script(run, seed, steps, {at: rate for at, rate, *_ in changes}), str(folder)]
             for run, seed, changes, steps in cases]  # fmt: skip
    command = [sys.executable, "-I", str(CLEAN)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def trained(run, seed, changes, steps):
    """The engine's losses of these steps."""
    experiment = Experiment(arms={"own": run}, seeds=[seed], changes=changes)
    lockstep, losses = Lockstep(experiment, probes=False), {}
    for step in steps:
        lockstep.advance(step - lockstep.step)
        losses[step] = float(lockstep.snapshot()["own"]["train_loss"][0])
    return losses


def too_far(found, losses):
    """Steps at which a script's loss is further from the engine's than rounding explains, and by how many times."""
    own = np.array(found["losses"], float)
    floor = NUDGE * 2.0 ** np.minimum(np.arange(len(own)), DOUBLINGS)
    allowed = np.maximum(STRAY * strayed(found), floor)
    off = {step: apart(own[step - 1], loss) / allowed[step - 1] for step, loss in losses.items()}
    return {step: float(times) for step, times in off.items() if times > 1}


def strayed(found):
    """How far rounding led the losses until each step, as a share of them."""
    own, moved = (np.array(found[name], float) for name in ("losses", "moved"))
    return np.maximum.accumulate(apart(own, moved))


def apart(a, b):
    """How far apart, as a share of ``b``; nothing where both are lost, everything where one is."""
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(a == b, 0, np.abs(a - b) / np.abs(b))
    lost = ~np.isfinite(a), ~np.isfinite(b)
    return np.where(lost[0] & lost[1], 0, np.where(lost[0] | lost[1], np.inf, off))
