"""A reader's file and painting become the setup's data, what does not go with them is set, and bad ones are refused."""

import base64
import gzip
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from bnviz.lessons.presets import PRESETS
from bnviz.link import from_query, to_query
from bnviz.own_words import own_set, word_of_points
from bnviz.run import Run
from bnviz.service.own_sets import own_sets
from bnviz.ui import own_data, own_file
from bnviz.ui.setup import Setup

APP = Path(__file__).parents[2] / "app.py"
CSV = "a,b,c,kind\n" + "1,2,0,x\n2,3,1,y\n3,5,0,x\n" * 10
POINTS = word_of_points(np.random.default_rng(0).uniform(-1, 1, (12, 2)), np.arange(12) % 2, "painted")
GONE = "own.iris.150x4x3." + "0" * 32


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BNVIZ_CACHE", str(tmp_path))
    own_sets.cache_clear()
    yield
    own_sets.cache_clear()


def sent(text=CSV, **other):
    data = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return {"name": "flowers.csv", "size": len(text), "whole": True, "data": data, **other}


class Reader:
    """The Lab with the part for own data open; what the two components send is what the test says, once."""

    def __init__(self, monkeypatch):
        self.file, self.points = None, None
        monkeypatch.setattr(own_file, "csv_file", lambda most: self._once("file"))
        monkeypatch.setattr(own_data, "points_pad", lambda points: self._once("points"))
        self.at = AppTest.from_file(APP, default_timeout=30)
        self.at.switch_page("pages/lab.py")

    def _once(self, name):
        value = getattr(self, name)
        setattr(self, name, None)
        return value

    def run(self):
        self.at.session_state["own"] = True
        self.at.run()
        assert not self.at.exception
        return self

    def bring(self, file):
        self.file = file
        return self.run()

    def paint(self, points):
        self.at.session_state["own.from"] = own_data.PAINT
        self.points = points
        return self.run()

    @property
    def experiment(self):
        query = {name: value if isinstance(value, str) else value[-1] for name, value in self.at.query_params.items()}
        return from_query(query)

    @property
    def own(self):
        (word,) = self.experiment.datasets
        return own_set(word)

    @property
    def said(self):
        kinds = ("caption", "error", "warning", "markdown")
        return " ".join(each.value for kind in kinds for each in self.at.get(kind))


@pytest.fixture
def reader(monkeypatch):
    return Reader(monkeypatch).run()


def test_all_networks_learn_from_a_file_that_was_brought_and_the_link_says_so(reader):
    reader.bring(sent())
    assert (reader.own.name, reader.own.examples, reader.own.features, reader.own.classes) == ("flowers", 30, 3, 2)
    assert not own_sets().is_gone(reader.own.word)
    assert "**flowers**: 30 lines of 3 numbers, 2 classes. Kept here under its hash, for 7 days" in reader.said


def test_the_numbers_of_the_standardization_are_on_the_page(reader):
    reader.bring(sent())
    assert "| a | 2 | 0.8165 |" in reader.said


def test_what_does_not_go_with_so_few_lines_is_set_and_said(reader):
    reader.bring(sent())
    assert reader.experiment.arms["bn"].batch_size == 8
    assert "Set so that it fits: batch size 8." in reader.said


def test_another_label_column_makes_other_data_of_the_same_file(reader):
    reader.bring(sent(CSV.replace("x", "1").replace("y", "2")))
    before = reader.own.word
    reader.at.selectbox(key="own.label").select(2)
    assert reader.run().own.word != before and reader.own.features == 3


def test_a_label_column_that_leaves_text_among_the_numbers_is_refused(reader):
    reader.bring(sent())
    before = reader.own.word
    reader.at.selectbox(key="own.label").select(2)
    assert reader.run().own.word == before
    assert "Not loaded: Line 2 has the text 'x' in the column 'kind'" in reader.said


def test_a_bad_file_has_its_sentence_and_changes_nothing(reader):
    reader.bring(sent())
    before = reader.own.word
    reader.bring(sent(CSV.replace("2,3,1", "2,rome,1")))
    assert "Not loaded: Line 3 has the text 'rome' in the column 'b'" in reader.said and reader.own.word == before


@pytest.mark.parametrize(
    "other",
    [{"data": "*"}, {"data": base64.b64encode(b"no gzip").decode()}, {"name": 7}, {"size": "large"}, {"data": None}],
    ids=str,
)
def test_what_no_page_of_ours_sends_has_a_sentence_too(reader, other):
    reader.bring(sent(**other))
    assert "Not loaded: The file did not arrive as a whole" in reader.said and reader.experiment == PRESETS["figure_1"]


def test_data_of_one_s_own_stay_in_the_menu(reader):
    reader.bring(sent())
    reader.at.selectbox(key="setup.dataset").select("moons").run()
    menu = reader.run().at.selectbox(key="setup.dataset").options
    assert menu[-1] == "flowers" and reader.experiment.datasets == ("moons",)


def test_networks_learn_from_what_is_painted_and_the_whole_of_it_is_in_the_link(reader):
    reader.paint(own_set(POINTS).content)
    assert reader.own == own_set(POINTS) and "They ride in the link." in reader.said
    assert reader.experiment.arms["plain"].batch_size == 4


def test_mini_batches_grow_with_the_painting_back_to_what_was_chosen(reader):
    reader.paint(own_set(POINTS).content)
    reader.paint(own_set(POINTS).content * 3)
    assert reader.experiment.arms["plain"].batch_size == 8
    reader.paint(own_set(POINTS).content * 7)
    assert reader.experiment.arms["plain"].batch_size == 60


@pytest.mark.parametrize("points", ["AAAA", "*" * 48, "", 7])
def test_what_no_pad_of_ours_sends_paints_nothing(reader, points):
    assert reader.paint(points).experiment == PRESETS["figure_1"]


def test_a_link_whose_data_are_gone_says_so_and_keeps_the_rest():
    at = AppTest.from_file(APP, default_timeout=30)
    at.switch_page("pages/lab.py")
    for name, value in to_query(PRESETS["figure_1"].replace(dataset=GONE, depth=5)).items():
        at.query_params[name] = value
    at.run()
    assert "The data set iris, 150 x 4, is not kept here, or no longer" in at.warning[0].value
    assert (at.session_state["setup.dataset"], at.session_state["setup.depth"]) == ("digits", 5)


def test_arms_of_a_link_that_differ_in_their_data_all_learn_from_new_ones():
    mixed = PRESETS["figure_1"].arms | {"plain": Run(dataset="moons")}
    setup = Setup.of(PRESETS["figure_1"].model_copy(update={"arms": mixed})).for_all(dataset=GONE)
    assert {run.dataset for run in setup.experiment().arms.values()} == {GONE}
