"""What a lesson is: a question, trials that a reader predicts and runs, sources, a quiz. Plain data.

A ``Lesson`` is a sequence of scenes: ``Text``, ``Trial`` (an experiment with a
prediction and a check), ``Published`` (a table from a paper), ``Bench`` (an
interactive demonstration, by the name the page knows it by) and ``StudyScene``
(a study); a long one is divided by ``Part``. The check of a trial turns the History on screen into a ``Finding``:
which of the predictions the numbers carry, and the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bnviz.experiment import Experiment
from bnviz.lessons.sources import Source
from bnviz.snapshot import History
from bnviz.study import Study

UNDECIDED = "undecided"
"""The outcome of a check whose numbers do not carry any of the predictions beyond their spread."""


@dataclass(frozen=True)
class Row:
    """One line of the table under a verdict: a name, and one value a seed."""

    label: str
    values: tuple[float, ...]
    percent: bool = False


@dataclass(frozen=True)
class Finding:
    """What a check read: the prediction that held (or ``UNDECIDED``), in a sentence with its number and spread."""

    outcome: str
    sentence: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Trial:
    """An experiment that the reader predicts, runs and judges.

    ``predictions`` are the answers offered, key to words; ``expected`` is the
    key that holds for ``experiment`` as it stands, which a slow test trains
    again. ``check`` reads a History up to ``steps``. ``charts`` are the board's,
    by name; ``open`` the fields that a reader may change; ``why`` the
    explanation of the expected outcome, shown beside the verdict, and
    ``otherwise`` those of other outcomes. ``recorded`` says that a recorded
    history is shown first, because the live one takes long.
    """

    slug: str
    title: str
    words: str
    question: str
    predictions: Mapping[str, str]
    expected: str
    experiment: Experiment
    steps: int
    charts: tuple[str, ...]
    check: Callable[[History], Finding]
    why: str
    open: tuple[str, ...] = ()
    recorded: bool = False
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """Prose in markdown, with a heading or without."""

    words: str
    title: str = ""


@dataclass(frozen=True)
class Published:
    """A table of numbers from a paper, as they stand there. ``note`` says what they do not show."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: Source
    note: str


@dataclass(frozen=True)
class Bench:
    """An interactive demonstration that trains nothing while it is shown; the page draws it by its name."""

    name: str
    title: str
    words: str


@dataclass(frozen=True)
class StudyScene:
    """A study that the reader starts: something measured that is not a training run."""

    title: str
    words: str
    study: Study


@dataclass(frozen=True)
class Part:
    """Where a part of a long lesson begins: up to the next one its scenes are shown by themselves."""

    title: str
    words: str


Scene = Text | Trial | Published | Bench | StudyScene | Part


@dataclass(frozen=True)
class Question:
    """A quiz question: the answers, which of them is right, and why. ``try_it`` names a trial that shows it."""

    words: str
    answers: tuple[str, ...]
    right: int
    because: str
    try_it: str = ""


@dataclass(frozen=True)
class Lesson:
    """One lesson. ``claim`` is what the source texts say; the scenes put it to the test; ``verdict`` is what held.

    One that is divided begins with a ``Part``.

    ``picture`` names the chart that it opens with, where that is not the one that decides its first trial.
    """

    slug: str
    title: str
    question: str
    claim: str
    scenes: tuple[Scene, ...]
    verdict: str
    sources: tuple[Source, ...]
    quiz: tuple[Question, ...]
    minutes: int = 10
    picture: str = ""

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(scene for scene in self.scenes if isinstance(scene, Trial))

    @property
    def parts(self) -> tuple[tuple[Scene, ...], ...]:
        """The scenes of each part; all of them, where the lesson is not divided."""
        begins = [place for place, scene in enumerate(self.scenes) if isinstance(scene, Part)] or [0]
        return tuple(self.scenes[first:last] for first, last in pairwise([*begins, len(self.scenes)]))

    def part_of(self, trial: str) -> int:
        """In which part a trial stands, by its slug; counted from 0."""
        return next(
            place for place, scenes in enumerate(self.parts)
            if any(isinstance(scene, Trial) and scene.slug == trial for scene in scenes)
        )  # fmt: skip
