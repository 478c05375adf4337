"""A page that was taken home: what it holds, how large it is, and what it needs of anybody else, which is nothing."""

import base64
import gzip
import json
import re
import struct

import numpy as np
import pytest

import bnviz
from bnviz import Experiment, History, Run
from bnviz.export import around, carried, modules
from bnviz.export.board_page import MOST_BYTES
from bnviz.inside import length
from bnviz.lessons.caption import caption
from bnviz.lessons.presets import PRESETS
from bnviz.link import from_query
from bnviz.recordings import recording_of
from bnviz.snapshot import Snapshot
from tests.charts.made_up import history, twins

FIGURE_1 = PRESETS["figure_1"]


@pytest.fixture(scope="module")
def recorded():
    return recording_of(FIGURE_1)


@pytest.fixture(scope="module")
def text(recorded):
    return bnviz.export.page(recorded)


def script(text, name):
    return base64.b64decode(re.search(rf'id="{name}">([^<]*)<', text)[1])


def unpacked(data):
    """The header of what a page carries, and its rows' headers."""

    def header(part):
        (size,) = struct.unpack_from("<I", part)
        return json.loads(part[4 : 4 + size]), 4 + size

    raw = gzip.decompress(data)
    words, at = header(raw)
    rows = []
    for size in words["sizes"]:
        rows.append(header(raw[at : at + size])[0])
        at += size
    return words, rows


def test_it_is_text_of_less_than_6_mb(text):
    assert text.startswith("<!doctype html>") and len(text.encode()) < 6_000_000


def test_it_carries_every_row_with_its_caption(text, recorded):
    _, rows = unpacked(script(text, "bnviz-run"))
    assert [row["steps"] for row in rows] == [[snapshot.step] for snapshot in recorded]
    assert rows[-1]["captions"] == [caption(FIGURE_1, recorded.latest)]


def test_it_carries_plotly_whole(text):
    from bnviz.live.page.assets import squeezed_plotly

    assert script(text, "bnviz-plotly") == squeezed_plotly()


def test_no_module_ends_the_script_that_all_of_them_are(text):
    whole = re.search(r'<script type="module">(.*)</script>', text, re.DOTALL)[1]
    assert 'modules["export/run_page.js"]' in whole and "</script" not in whole and "<!--" not in whole


def test_it_loads_nothing_from_anywhere(text):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    sources = {word for rule in policy.split("; ") for word in rule.split()[1:]}
    assert sources == {"'none'", "'unsafe-inline'", "data:", "blob:"}
    assert not re.findall(r"<(?:link|img|iframe)\b|<script[^>]*\bsrc=", text)


def test_it_says_that_it_is_recorded_and_leads_to_its_experiment(text):
    assert ">recorded<" in text and "up to step 3,000, with seeds 0–4" in text
    address = re.search(r'href="http://localhost:8501/lab\?([^"]*)"', text)[1].replace("&amp;", "&")
    assert from_query(dict(pair.split("=") for pair in address.split("&"))) == FIGURE_1


def test_a_site_is_where_the_link_leads():
    assert 'href="https://bn.example.edu/ml/lab?' in bnviz.export.page(history(twins()), site="https://bn.example.edu/ml/")


def test_all_charts_are_there_of_which_the_history_holds_the_numbers(recorded):
    assert {"inputs_over_time", "network", "units", "inside", "gradient_shift"} <= {*carried.shown(recorded)}
    bare = History(twins())
    readings = {"train_loss": np.ones(3), "diverged_at": np.ones(3)}
    bare.append(Snapshot(0, 0.0, {"plain": readings, "bn": readings}))
    assert carried.shown(bare) == ("loss",)


def test_a_history_without_a_snapshot_is_no_page():
    with pytest.raises(ValueError, match="nothing to show"):
        bnviz.export.page(History(twins()))


def test_more_rows_than_a_board_holds_are_thinned_and_that_is_said(monkeypatch):
    monkeypatch.setattr(carried, "MOST_ROWS", 6)
    text = bnviz.export.page(history(twins(), steps=10, every=1))
    _, rows = unpacked(script(text, "bnviz-run"))
    assert [row["steps"][0] for row in rows] == [0, 2, 4, 6, 8, 10]
    assert "Of the 11 steps that were looked at it has 6, evenly spaced." in text


def test_a_run_that_would_not_fit_is_thinned_until_it_does():
    whole = carried.carry(history(twins(), steps=60, every=1))
    half = carried.carry(history(twins(), steps=60, every=1), most_bytes=len(whole.data) * 2 // 3)
    assert (whole.steps, half.steps, half.of) == (61, 31, 61) and len(half.data) <= len(whole.data) * 2 // 3


def test_there_is_room_for_a_run_of_two_and_a_half_megabytes():
    empty = around.filled("run_page.js", around.Said("", "", "", {}), b"", with_plotly=True)
    assert (MOST_BYTES - len(empty.encode())) * 3 // 4 > 2_500_000


def test_units_whose_mini_batches_were_kept_are_carried():
    experiment = Experiment(arms={"plain": Run(dataset="moons", depth=2, width=4)}, seeds=[0])
    seen = history(experiment, steps=0).latest
    kept = np.full((1, length(experiment.arms["plain"])), 0.5)
    kept[0, :2] = (2, 3)
    looked = History(experiment)
    looked.append(Snapshot(0, 0.0, {"plain": {**seen["plain"], "inside": kept}}))
    words, _ = unpacked(carried.carry(looked).data)
    assert [*words["looks"]] == ["2,3"]


def test_an_arm_of_any_name_and_a_dataset_cannot_end_the_page():
    text = around.filled("run_page.js", around.Said("</title><script>", "", 'a"b', {}), b"", with_plotly=False)
    assert text.count("<script>") == 1 and 'href="a&quot;b"' in text


def test_every_module_that_is_needed_is_there_by_the_name_that_imports_it():
    code = modules.scripts("run_page.js")
    there, imported = (re.findall(form, code, re.M) for form in (r'^modules\["(.+)"\] =', r'= modules\["(.+)"\];$'))
    assert {*imported} < {*there} and len({*there}) == len(there) and not re.search("^import ", code, re.M)


def test_a_history_writes_itself(tmp_path):
    made = history(twins())
    made.to_html(tmp_path / "run.html")
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == bnviz.export.page(made)


def test_a_notebook_shows_a_history_as_the_same_page_in_a_frame():
    made = history(twins())
    (page,) = re.findall(r'srcdoc="([^"]*)"', made._repr_html_())
    assert page.replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&") == bnviz.export.page(made)


def test_a_notebook_shows_an_experiment_as_it_was_recorded(recorded):
    assert FIGURE_1._repr_html_() == recorded._repr_html_()


@pytest.mark.slow
def test_a_notebook_shows_another_experiment_before_its_first_step():
    experiment = Experiment(arms={"plain": Run(dataset="moons", depth=2, width=4)}, seeds=[0])
    assert experiment._repr_html_() == bnviz.record(experiment, steps=0)._repr_html_()


def test_an_empty_history_shows_nothing_of_itself():
    assert History(twins())._repr_html_() is None
