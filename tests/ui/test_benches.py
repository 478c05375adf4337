"""Benches as a reader uses them, without a browser: change a number, and read what comes of it."""

from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from bnviz.grid_link import GridView, from_query, to_query
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.grids import MAP
from bnviz.lessons.lesson import Bench
from bnviz.ui.benches import BENCHES, company, loop
from bnviz.ui.benches.pieces import formula, text
from bnviz.ui.maps import recorded as recorded_map
from bnviz.ui.maps.events import Rectangle
from tests.ui.sent import sent

ROOT = Path(__file__).parents[2]
NAMED = {scene.name for lesson in LESSONS.values() for scene in lesson.scenes if isinstance(scene, Bench)}


def shown(name):
    source = f"from bnviz.ui.benches import BENCHES\nBENCHES[{name!r}]()"
    return AppTest.from_string(source, default_timeout=30).run()


def words(at):
    return "\n".join(element.value for kind in ("markdown", "caption", "latex") for element in at.get(kind))


def row(at, name):
    """The cells of a table's row, by the first one."""
    lines = [line.split(" | ") for markdown in at.markdown for line in markdown.value.splitlines()]
    return next([cell.strip("| ") for cell in line[1:]] for line in lines if line[0].strip("| ") == name)


@pytest.fixture
def transform():
    return shown("transform")


def test_lessons_and_benches_know_each_other():
    assert set(BENCHES) == NAMED


@pytest.mark.parametrize("name", sorted({*BENCHES} - {"border"}))
def test_a_bench_opens(name):
    at = shown(name)
    assert not at.exception
    assert at.main.children


def test_the_border_is_the_recorded_map_and_leads_to_it_and_into_it(scripted, monkeypatch):
    service, went = scripted(workers=1), []
    monkeypatch.setattr(recorded_map, "go", lambda page, query: went.append((page, query)))
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/learning_rates.py").run()
    assert not at.exception and service.scheduler.running == 0
    display = at.session_state["bench.border.display"]
    assert display.stage == "recorded" and sent(display)[2]["count"] == 2048
    (way,) = [link for link in at.get("page_link") if link.proto.label == "Open the map"]
    assert way.proto.page == "map" and from_query(dict(parse_qsl(way.proto.query_string)), GridView(MAP))[0].grid == MAP
    recorded_map.go_closer(MAP, Rectangle(map=MAP.key, left=0.6, right=0.8, bottom=0.5, top=0.75))
    recorded_map.go_closer(MAP, Rectangle(map=MAP.key, left=0.5, right=0.5, bottom=0.5, top=0.75))
    (page, closer), (_, whole) = went
    assert page == "pages/map.py" and (closer["x"], closer["y"]) == ("learning_rate:1:10:log", "init_scale:1:10:log")
    assert whole == to_query(GridView(MAP))


def test_the_golden_mini_batch_stands_there_number_by_number(transform):
    assert row(transform, "1") == ["0", "−3", "−1.342", "−1.342"]
    assert row(transform, "3") == ["4", "1", "0.4472", "0.4472"]


def test_the_formulas_hold_the_numbers(transform):
    assert r"\sigma^2 &= \tfrac{1}{4} ((-3)^2 + (-1)^2 + 1^2 + 3^2) = 5" in words(transform)


def test_a_long_sum_is_cut_short_in_the_middle(transform):
    transform.button(key="bench.transform.more").click().run()
    assert r"\tfrac{1}{5} (0 + \dots + 8) = 4" in words(transform)


def test_a_changed_number_changes_the_others(transform):
    transform.number_input(key="bench.transform.x.3").set_value(10).run()
    assert row(transform, "4") == ["10", "6", "1.604", "1.604"]


def test_gamma_and_beta_act_on_y_alone(transform):
    transform.slider(key="bench.transform.gamma").set_value(2).run()
    transform.slider(key="bench.transform.beta").set_value(1).run()
    assert row(transform, "4") == ["6", "3", "1.342", "3.683"]


@pytest.mark.parametrize(("eps", "only"), [(1e-5, True), (1.0, False)])
def test_two_examples_are_but_an_order_where_their_variance_is_large_beside_epsilon(transform, eps, only):
    transform.button(key="bench.transform.preset.Two examples").click().run()
    transform.number_input(key="bench.transform.x.1").set_value(2).run()
    transform.select_slider(key="bench.transform.eps").set_value(eps).run()
    assert ("only the order is left" in words(transform)) is only


def test_the_switch_gives_x_back(transform):
    transform.toggle(key="bench.transform.undo").set_value(True).run()
    assert [row(transform, str(example))[-1] for example in (1, 2, 3, 4)] == ["0", "2", "4", "6"]


def test_the_running_statistics_are_those_of_the_golden_mini_batch(transform):
    assert "running mean becomes 0.3 and the running variance 1.567" in words(transform)


@pytest.mark.parametrize(
    ("preset", "said"),
    [("All equal", "y is beta"), ("Two examples", "only the order is left"), ("One example", "PyTorch refuses it")],
)
def test_a_preset_says_what_is_special_about_it(transform, preset, said):
    transform.button(key=f"bench.transform.preset.{preset}").click().run()
    assert not transform.exception
    assert said in words(transform)


def test_equal_values_without_epsilon_give_no_number_and_no_figure(transform):
    transform.button(key="bench.transform.preset.All equal").click().run()
    transform.select_slider(key="bench.transform.eps").set_value(0.0).run()
    assert "0 divided by 0 is no number" in words(transform)
    assert not transform.get("plotly_chart")


@pytest.mark.parametrize(("eps", "said"), [(0.0, "0 divided by 0 is no number"), (1e-5, "x̂ is 0, and y is beta")])
def test_equal_values_are_seen_to_be_equal_where_their_sum_is_rounded(transform, eps, said):
    transform.button(key="bench.transform.fewer").click().run()
    for field in transform.number_input:
        field.set_value(0.1)
    transform.select_slider(key="bench.transform.eps").set_value(eps).run()
    assert said in words(transform)


def test_one_example_more_and_one_fewer(transform):
    transform.button(key="bench.transform.more").click().run()
    assert row(transform, "5")[0] == "8"
    transform.button(key="bench.transform.fewer").click().run()
    assert len(transform.number_input) == 4


def test_a_bias_leaves_the_output_where_it_was():
    at = shown("bias")
    at.slider(key="bench.bias.b").set_value(-20.0).run()
    assert abs(number(row(at, "largest change of x̂ against b = 0")[0])) < 1e-12


def test_without_epsilon_the_gradient_is_one_over_the_scale():
    at = shown("scale")
    at.select_slider(key="bench.scale.eps").set_value(0.0).run()
    at.select_slider(key="bench.scale.a").set_value(1e-3).run()
    assert row(at, "length of the gradient, 1 at a = 1") == row(at, "1/a") == ["1000"]


@pytest.mark.parametrize(("shape", "name"), [("Skewed", "skew"), ("A correlated pair", "correlation")])
def test_the_shape_stays(shape, name):
    at = shown("shapes")
    at.button_group(key="bench.shapes.shape").set_value(shape).run()
    before, after = row(at, name)
    assert before == after


def test_four_distributions_share_mean_and_variance_until_a_relu_cuts_them():
    at = shown("moments")
    read = [row(at, name) for name in ("Gaussian", "two points", "uniform", "exponential")]
    assert [cells[:2] for cells in read] == [["0", "1"]] * 4
    assert [cells[2] for cells in read] == ["0.399", "0.5", "0.433", "0.368"]


def test_without_a_nonlinearity_they_go_on_sharing_them():
    at = shown("moments")
    at.button_group(key="bench.moments.nonlinearity").set_value("None").run()
    assert row(at, "exponential") == ["0", "1", "0", "1"]


def test_a_product_leaves_the_way_its_velocity_promised_and_gamma_keeps_to_it():
    at = shown("velocity")
    assert row(at, "velocity") == ["−5", "−1"] and row(at, "acceleration") == ["20", "0"]
    assert row(at, "y that the velocity promises") == ["0", "0.8"]
    assert row(at, "y that comes") == ["0.3277", "0.8"]


def test_a_channel_shares_its_statistics_with_all_places():
    at = shown("pictures")
    assert row(at, "numbers behind each mean") == ["240", "8"]
    assert row(at, "gammas and betas") == ["6", "180"]


def test_the_company_counts_other_answers_than_eval_mode_s_and_how_far_the_right_one_s_scatter():
    said = np.array([[[0.9, 0.1], [0.1, 0.9]], [[0.8, 0.2], [0.6, 0.4]], [[0.7, 0.3], [0.7, 0.3]]])
    assert company.found(0, np.array([0.75, 0.25]), said) == (
        "Named otherwise than in eval mode: in 1 of 2 mini-batches of 2, 0 of 2 mini-batches of 8 and 0 of 2 "
        "mini-batches of 64. The probability of the right class, 0, has a deviation of 0.40, 0.10 and 0.00; eval mode "
        "says 75.0% every time."
    )


def test_the_stretch_of_a_layer_is_the_root_of_what_all_above_the_first_make_together():
    way = np.array([1.0, 5.0, 10.0, 20.0])
    said = loop.found(np.stack([[way], [way], [way], [[1.0, 5.0, 5.0, 5.0]]]))
    assert "over the 2 above the first. plain, He’s × ½: 2 (one seed)" in said
    assert said.endswith("BN, He’s: 1 (one seed).")


def test_a_larger_ghost_batch_is_said_to_scatter_as_one_over_the_root():
    at = shown("ghosts")
    at.button_group(key="bench.ghosts.size").set_value(16).run()
    assert "The means of the 4 ghost batches" in words(at) and "1/√16 is 0.25" in words(at)


def test_another_mini_batch_has_other_means():
    at = shown("ghosts")
    before = at.markdown[-1].value
    at.button(key="bench.ghosts.again").click().run()
    assert at.markdown[-1].value != before


def test_numbers_are_written_with_the_digits_that_count():
    assert [text(value) for value in (-0.0, -1.25, 1e-5, 4.4e-16)] == ["0", "−1.25", "10⁻⁵", "4.4 · 10⁻¹⁶"]
    assert text(float("nan")) == "–"
    assert formula(-4.4e-16) == r"-4.4 \cdot 10^{-16}"


def number(written):
    digits, _, power = written.replace("−", "-").partition(" · 10")
    return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def test_both_networks_stand_at_the_chosen_loss_and_what_a_step_keeps_there_is_said():
    at = shown("equal_loss")
    at.select_slider(key="bench.equal_loss.loss").set_value(2.0).run()
    said = words(at)
    assert "**plain** has a loss of 1.92 at step 450" in said and "**BN** has a loss of 2 at step 3" in said
    assert said.count("one step keeps") == 2 and "Recorded: digits, 3 x 100 sigmoid, rate 0.5, seed 0" in said
