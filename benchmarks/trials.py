"""How much work a run is: core-seconds of the lessons' trials, each to its last step with its pictures, on one thread.

    python -m benchmarks.trials          # measure, and write what ``queueing`` draws from
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

import torch

from bnviz.engine import record
from bnviz.lessons.catalog import LESSONS

FILE = Path(__file__).with_name("trial_seconds.csv")
PICTURES = 40


def measured() -> dict[str, float]:
    """Trial to core-seconds, as they were last written."""
    with FILE.open() as file:
        return {row["trial"]: float(row["core_seconds"]) for row in csv.DictReader(file)}


def main() -> None:
    torch.set_num_threads(1)
    with FILE.open("w") as file:
        file.write("trial,core_seconds\n")
        for lesson in LESSONS.values():
            for trial in lesson.trials:
                if not trial.recorded:
                    begun = time.process_time()
                    record(trial.experiment, trial.steps, max(1, trial.steps // PICTURES))
                    file.write(f"{lesson.slug}/{trial.slug},{time.process_time() - begun:.2f}\n")
                    file.flush()


if __name__ == "__main__":
    main()
