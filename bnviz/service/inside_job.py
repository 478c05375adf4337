"""A look into one unit at steps of the past, which are trained again: as seen from outside its process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bnviz.experiment import Experiment
from bnviz.inside import Inside, Unit
from bnviz.messages import Message, encode
from bnviz.service.job import Job, Scheduling
from bnviz.service.protocol import message_to_inside
from bnviz.service.subject import State
from bnviz.settings import Settings


class InsideJob(Job[Inside]):
    """What one reader looks back for. Made by ``Service.look_back``; any thread may call its methods."""

    kind = "inside"

    def __init__(
        self, experiment: Experiment, unit: Unit, steps: Sequence[int], user: str, settings: Settings,
        scheduler: Scheduling,
    ) -> None:  # fmt: skip
        super().__init__(user, State("starting"), scheduler)
        self.experiment, self.unit, self._steps, self._settings = experiment, unit, steps, settings
        self._seen: list[Inside] = []

    @property
    def datasets(self) -> Iterable[str]:
        return self.experiment.datasets

    def _opening(self) -> bytes:
        return encode(
            "look_back", experiment=self.experiment.to_json(), unit=self.unit, steps=self._steps,
            memory_mib=self._settings.memory_mib, seconds=self._settings.study_seconds,
        )  # fmt: skip

    def _so_far(self) -> Iterable[Inside]:
        return list(self._seen)

    def _lost(self) -> str:
        return "The process that trained this again ended unexpectedly. Open the unit once more to try again."

    def _take(self, message: Message) -> None:
        if message.kind == "inside":
            self._seen.append(inside := message_to_inside(message))
            self._tell(inside)
