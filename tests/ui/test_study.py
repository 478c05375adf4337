"""A study on a page, as a reader meets it: a button, progress, a figure, numbers, and errors in one sentence."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from bnviz.study import Study
from bnviz.table import Table
from bnviz.testing import RAISES, STUCK
from bnviz.ui.study import _key, drawn
from tests.ui.sent import sent


def page(**numbers):
    from bnviz.study import Study
    from bnviz.ui.study import show_study

    show_study(Study("residual_variance", **numbers))


@pytest.fixture
def service(scripted):
    return scripted(workers=1)


class Reader:
    """A page with one study, and a wait for what its measurement reports."""

    def __init__(self, **numbers):
        self.study = Study("residual_variance", **numbers)
        self.at = AppTest.from_function(page, kwargs=numbers, default_timeout=30).run()

    @property
    def display(self):
        return self.at.session_state[f"{_key(self.study, 'shown')}.display"]

    @property
    def drawn(self):
        return sent(self.display)[2]["drawn"]

    @property
    def sentence(self):
        return sent(self.display)[1]["sentence"]

    def press(self, part):
        self.at.button(key=_key(self.study, part)).click().run()
        return self

    def wait(self, hoped):
        arrived = threading.Event()
        measurement = self.display.job
        measurement.subscribe(lambda change: arrived.set() if hoped(measurement) else None)
        assert arrived.wait(120)
        sent(self.display)  # the page asks for what is painted by now
        self.at.run()
        return self


@pytest.fixture
def finished(service):
    return Reader(depth=6).press("measure").wait(lambda measurement: measurement.state.name == "finished")


def test_nothing_is_measured_before_the_reader_asks(service):
    reader = Reader(depth=6)
    assert not reader.at.exception and service.scheduler.running == 0
    assert [button.label for button in reader.at.button] == ["Measure"]


def test_a_measured_study_shows_its_figure_and_its_numbers(finished):
    assert not finished.at.exception
    assert finished.drawn["figure"]["data"] and finished.drawn["sentences"][0].startswith("The variance of the signal")
    assert finished.at.dataframe[0].value["variance"].tolist() == [1, 2, 3, 4, 5, 6]
    assert finished.at.button[0].disabled and finished.at.button[0].label == "Measured"


def test_the_footer_names_every_number_of_the_study(finished):
    assert finished.at.caption[-1].value == "Measured on this server: layers 6, width 100, examples 256, seeds 5."


def test_while_it_is_measured_the_page_shows_what_is_there_and_can_cancel(service):
    reader = Reader(depth=6, width=STUCK).press("measure").wait(lambda it: it.latest() and len(it.latest()) == 4)
    assert reader.sentence.startswith("Measured so far: ")
    reader.press("cancel")
    assert reader.display.job is None
    assert [button.label for button in reader.at.button] == ["Measure"]


def test_a_study_that_failed_says_why_and_can_be_tried_again(service):
    reader = Reader(depth=6, width=RAISES).press("measure").wait(lambda it: it.state.name == "failed")
    assert reader.sentence == "Something went wrong while measuring. The server's log says what."
    assert [(button.label, button.disabled) for button in reader.at.button] == [("Measure", False)]


def test_who_must_wait_is_told_the_place_in_line(service):
    first = Reader(depth=6, width=STUCK).press("measure")
    second = Reader(depth=6).press("measure")
    assert second.sentence.startswith("Waiting for a process: number 1 in the queue")
    first.press("cancel")


def test_before_the_first_number_an_empty_plane_stands_there(service):
    reader = Reader(depth=6, width=STUCK).press("measure")
    first = drawn(reader.study, Table({}, 0.0))
    assert first["waiting"] == "The first numbers are being measured." and not first["figure"]["data"]
    reader.press("cancel")
