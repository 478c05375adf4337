"""Every lesson has the same shape: a question, a claim, trials with predictions and checks, sources, a quiz."""

import inspect
import re
from pathlib import Path

import pytest

from bnviz.charts import CHARTS
from bnviz.lessons import told
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import UNDECIDED, Bench, Part, StudyScene
from bnviz.lessons.presets import SUGGESTIONS
from bnviz.lessons.sources import SOURCES
from bnviz.run import FIELDS

ROOT = Path(__file__).parents[2]
EVERY = list(LESSONS.values())
TRIALS = [(lesson, trial) for lesson in EVERY for trial in lesson.trials]
QUESTIONS = [(lesson, question) for lesson in EVERY for question in lesson.quiz]
lessons = pytest.mark.parametrize("lesson", EVERY, ids=lambda lesson: lesson.slug)
trials = pytest.mark.parametrize(("lesson", "trial"), TRIALS, ids=lambda each: each.slug)
questions = pytest.mark.parametrize(("lesson", "question"), QUESTIONS, ids=lambda each: getattr(each, "slug", ""))

LOOSE = (
    r"whiten\w*s the", r"become\w* gaussian", r"removes? (the )?internal covariate shift", r"3\.8\s?%",
    r"always faster", r"cannot memori", r"permanently stop", r"cannot come back", r"at any learning rate",
    r"ten to thirty times", r"example is impossible", r"order hardly matters",
)  # fmt: skip
"""Statements, of the source texts and others, that the measurements do not carry."""


def prose(lesson):
    """Everything a reader of the lesson can read."""
    return inspect.getsource(inspect.getmodule(lesson.trials[0].check)) if lesson.trials else lesson.claim


@lessons
def test_a_lesson_opens_with_a_question_and_states_a_claim_and_a_verdict(lesson):
    assert lesson.question.endswith("?")
    assert lesson.claim.endswith(".") and lesson.verdict.endswith(".")
    assert not re.search(r"(?<!et al)\. ", lesson.claim), "a claim is one sentence"


@lessons
def test_a_lesson_has_something_to_run(lesson):
    assert [scene for scene in lesson.scenes if scene in lesson.trials or isinstance(scene, Bench | StudyScene)]


@lessons
def test_the_parts_of_a_lesson_are_all_its_scenes_and_each_has_a_trial_to_open_with(lesson):
    parts = lesson.parts
    assert [scene for scenes in parts for scene in scenes] == [*lesson.scenes]
    assert len(parts) == 1 or all(isinstance(scenes[0], Part) for scenes in parts)
    assert len(parts) == 1 or all(any(scene in lesson.trials for scene in scenes) for scenes in parts)
    assert all(len(scenes) <= 14 for scenes in parts), "a page that is longer is divided"


@lessons
def test_a_lesson_names_sources_of_the_bibliography(lesson):
    assert lesson.sources and set(lesson.sources) <= set(SOURCES.values())


@lessons
def test_a_lesson_has_a_page_of_its_own_that_only_shows_it(lesson):
    page = (ROOT / "pages" / f"{lesson.slug}.py").read_text()
    assert page.startswith(f'"""{lesson.question}"""')
    assert f'lesson.show("{lesson.slug}")' in page


@lessons
def test_a_lesson_asks_at_least_three_questions(lesson):
    assert len(lesson.quiz) >= 3


@lessons
def test_trials_of_a_lesson_have_different_names(lesson):
    assert len({trial.slug for trial in lesson.trials}) == len(lesson.trials)


@lessons
def test_a_lesson_repeats_no_loose_statement(lesson):
    text = prose(lesson).lower()
    assert not [pattern for pattern in LOOSE if re.search(pattern, text)]


@trials
def test_a_trial_offers_the_prediction_that_it_expects(lesson, trial):
    assert trial.expected in trial.predictions and UNDECIDED not in trial.predictions
    assert len(trial.predictions) >= 2


@trials
def test_the_answers_to_a_trial_are_short_and_no_two_differ_by_a_not_alone(lesson, trial):
    answers = list(trial.predictions.values())
    assert max(map(len, answers)) <= 48
    assert len({re.sub(r"\bnot? ", "", words) for words in answers}) == len(answers)


@trials
def test_a_trial_has_error_bars(lesson, trial):
    assert len(trial.experiment.seeds) >= 5


@trials
def test_a_trial_shows_charts_that_have_something_to_show(lesson, trial):
    assert trial.charts
    assert all(name in CHARTS for name in trial.charts)


@trials
def test_a_trial_opens_fields_that_exist_and_that_its_arms_share(lesson, trial):
    for name in trial.open:
        assert name in FIELDS
        assert len({getattr(run, name) for run in trial.experiment.arms.values()}) == 1


@questions
def test_a_question_has_one_right_answer_and_says_why(lesson, question):
    assert 0 <= question.right < len(question.answers) == len(set(question.answers))
    assert question.because.endswith((".", ".)"))


@questions
def test_a_question_that_can_be_tried_names_a_trial(lesson, question):
    assert not question.try_it or question.try_it in {trial.slug for trial in lesson.trials}


def test_the_lessons_begin_with_the_claim_and_the_transform_and_end_in_practice():
    assert [*LESSONS][:3] == ["covariate_shift", "transform", "first_figure"] and [*LESSONS][-1] == "practice"
    assert all(slug == lesson.slug for slug, lesson in LESSONS.items())


def test_every_lesson_that_is_told_is_in_the_catalog():
    assert set(LESSONS) == {path.stem for path in Path(told.__file__).parent.glob("*.py")} - {"__init__"}


def test_a_suggestion_sets_up_as_many_layers_as_it_says():
    depths = [next(iter(suggestion.experiment.arms.values())).depth for suggestion in SUGGESTIONS]
    words = [re.search(r"(Ten|Five|eight) .*layers|$", suggestion.question)[1] for suggestion in SUGGESTIONS]
    assert list(zip(words, depths, strict=True)) == [("Five", 5), ("Ten", 10), ("Five", 5), (None, 5), ("eight", 8)]


def test_a_suggestion_that_turns_the_rate_says_when_to_what_and_where_it_asks():
    first, (change,) = SUGGESTIONS[0], SUGGESTIONS[0].experiment.changes
    before = first.experiment.arms["plain"].learning_rate
    words = f"after {change.step} steps a hand on the rate: {change.rate:g} instead of {before:g}"
    assert words in first.question and first.question.endswith(f"at step {first.stop}?")
