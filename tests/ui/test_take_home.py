"""What a reader takes home: closed until it is asked for, and then made of what the server has seen."""

import numpy as np
import segno

from bnviz import link
from bnviz.lessons.presets import PRESETS
from bnviz.own_data import dataset_from
from bnviz.ui import take_home
from tests.ui.test_pages import app

FIGURE_1 = PRESETS["figure_1"]
FILES = ["Page (HTML)", "CSV", "Parquet", "JSON", "Script", "Notebook"]


def buttons(at):
    return [button.proto.label for button in at.get("download_button")]


def test_nothing_is_offered_before_it_is_opened():
    at = app()
    assert not at.exception and not buttons(at)


def test_it_opens_to_a_page_numbers_and_programs():
    at = app()
    at.session_state[take_home.KEY] = True
    at.run()
    assert not at.exception and buttons(at) == FILES


def test_no_program_is_offered_of_data_that_stand_in_none():
    x = np.random.default_rng(0).normal(size=(401, 2))
    at = app({"dataset": dataset_from(x, x[:, 0] > 0, name="mine")})
    at.session_state[take_home.KEY] = True
    at.run()
    assert not at.exception and buttons(at) == FILES[:4]
    assert "dataset was mine, whose examples" in " ".join(each.value for each in at.caption)


def test_one_network_and_one_seed_are_not_asked_for():
    at = app({"arms": "bn", "bn.normalization": "batch", "seeds": "3"})
    at.session_state[take_home.KEY] = True
    at.run()
    assert buttons(at) == FILES and not [box for box in at.selectbox if str(box.key).startswith("take_home")]


def test_every_file_is_made_from_what_is_on_the_board(monkeypatch):
    made = {}
    monkeypatch.setattr(take_home, "file", lambda make, name, about: made.update({name.rpartition(".")[2]: make}))
    at = app()
    at.session_state[take_home.KEY] = True
    at.run()
    assert made["html"]().startswith("<!doctype html>") and "up to step 3,000" in made["html"]()
    assert made["csv"]().startswith(b"arm,seed,step,layer,quantity,value\n")
    compile(made["py"](), "script", "exec")
    assert '"nbformat": 4' in made["ipynb"]()


def test_a_code_is_the_link_and_of_one_that_is_too_long_there_is_none():
    address = f"https://bn.example.edu/lab?{link.to_query(FIGURE_1)}"
    assert take_home.code_of(address) == segno.make_qr(address, error="m").svg_data_uri(border=4)
    assert take_home.code_of(f"https://bn.example.edu/?{'x' * 3000}") == ""
