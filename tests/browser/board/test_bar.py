"""What can be done to a run, where it stands, and what happens when the line breaks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.board.reader import PATHS, opened
from tests.charts.made_up import twins

pytestmark = pytest.mark.browser


def test_the_scrubber_moves_every_chart_and_live_jumps_back(reader):
    newest = reader.page.evaluate(PATHS)
    reader.page.get_by_role("slider", name="Recorded steps").fill("10")
    expect(reader.page.locator(".bnviz-chip")).to_have_text("looking back")
    expect(reader.page.locator(".bnviz-caption")).to_have_text("After 10 steps.")
    reader.page.wait_for_function("document.querySelector('[data-chart=loss] .bnviz-cursor').hidden === false")
    by_layer = ("histograms", "gradients", "saturation", "distribution_shift", "gradient_shift")
    reader.wait(lambda: all(reader.page.evaluate(PATHS)[name] != newest[name] for name in by_layer))
    assert reader.page.locator(".bnviz-card:has(.bnviz-cursor:not([hidden]))").count() == 4
    reader.page.get_by_role("button", name="Live").click()
    reader.wait(lambda: reader.page.evaluate(PATHS) == newest)


def test_the_scrubber_is_even_in_steps_and_has_ticks_at_round_ones(reader):
    reader.send(40, 50, 100)
    slider = reader.page.get_by_role("slider", name="Recorded steps")
    slider.fill("50")
    expect(slider).to_have_attribute("max", "100")
    expect(slider).to_have_attribute("style", re.compile("50%"))
    expect(reader.page.locator(".bnviz-ticks span")).to_have_text(["0", "50"])
    slider.press("ArrowLeft")
    expect(slider).to_have_value("40")


def test_the_bar_keeps_its_shape_whatever_its_state_and_where_the_reader_looks(reader):
    chip, found = reader.page.locator(".bnviz-chip"), set()
    for state in ("recorded", "starting", "running", "paused", "finished", "failed"):
        reader.stream.state(state)
        expect(chip).to_have_attribute("data-state", state)
        found.add(chip.bounding_box()["width"])
    reader.page.get_by_role("slider", name="Recorded steps").fill("10")
    expect(chip).to_have_text("looking back")
    assert found == {chip.bounding_box()["width"]}


def test_looking_back_the_run_goes_on_behind(reader):
    reader.page.get_by_role("slider", name="Recorded steps").fill("10")
    reader.send(40)
    assert reader.line("loss", "bn")["x"][-1] == 40
    expect(reader.page.locator('[data-chart="gradients"] .bnviz-footer')).to_contain_text("step 10 ")


def test_a_lost_line_is_taken_up_where_it_broke(reader):
    reader.stream.hang_up()
    reader.wait(lambda: len(reader.stream.queries) == 2 and reader.stream.sockets)
    assert reader.stream.queries[1] == {"run": str(reader.stream.run), "since": "30"}
    reader.send(40)
    assert reader.line("loss", "bn")["x"] == [0, 10, 20, 30, 40]


def test_while_the_line_is_down_the_charts_stay_and_say_so(reader):
    reader.stream.refuse = 1011
    reader.stream.hang_up()
    expect(reader.page.locator(".bnviz-chip")).to_have_text("reconnecting")
    expect(reader.page.locator(".bnviz-board.bnviz-dropped")).to_have_count(1)
    expect(reader.page.get_by_role("button", name="Play")).to_be_disabled()
    assert len(reader.line("loss", "bn")["x"]) == 4
    reader.stream.refuse = None
    reader.wait(lambda: reader.stream.sockets)
    expect(reader.page.locator(".bnviz-chip")).to_have_text("live")


def test_a_token_that_nobody_knows_is_told_to_the_page(reader):
    reader.stream.hang_up(4404)
    reader.wait(lambda: reader.page.evaluate("triggers") == ["lost"])


def test_another_page_took_over_and_a_button_takes_it_back(reader):
    reader.stream.hang_up(4408)
    expect(reader.page.locator(".bnviz-notice")).to_contain_text("another page")
    reader.page.get_by_role("button", name="Use it here").click()
    reader.wait(lambda: reader.stream.sockets)


@pytest.mark.parametrize(
    ("key", "command"),
    [("Reset", {"do": "reset"}), ("Pause", {"do": "pause"}), ("Step", {"do": "step"}), ("Epoch", {"do": "epoch"})],
)
def test_a_button_sends_its_command(reader, key, command):
    reader.page.get_by_role("button", name=key, exact=True).click()
    reader.wait(lambda: command in reader.stream.heard)


@pytest.mark.parametrize(
    ("key", "command"),
    [("Space", {"do": "pause"}), ("s", {"do": "step"}), ("e", {"do": "epoch"}), ("r", {"do": "reset"})],
)
def test_a_key_sends_its_command_after_a_click_anywhere(reader, key, command):
    reader.page.evaluate("document.documentElement.tabIndex = 0")  # as what scrolls Streamlit's page has one
    reader.page.locator(".bnviz-caption").click()
    reader.page.keyboard.press(key)
    reader.wait(lambda: command in reader.stream.heard)


def test_arrows_home_and_end_move_through_the_rows(reader):
    chip = reader.page.locator(".bnviz-chip")
    for key, step in [("ArrowLeft", 20), ("ArrowLeft", 10), ("Home", 0), ("ArrowRight", 10)]:
        reader.page.keyboard.press(key)
        expect(chip).to_have_text("looking back")
        expect(reader.page.locator(".bnviz-count-step .bnviz-value")).to_have_text(str(step))
    reader.page.keyboard.press("End")
    expect(chip).to_have_text("live")


def test_keys_that_are_typed_elsewhere_are_left_alone(reader):
    reader.page.get_by_label("elsewhere").focus()
    reader.page.keyboard.type("rse ")
    reader.send(40)
    assert not [m for m in reader.stream.heard if m["do"] != "ack"]


def test_keys_are_listed_on_demand_and_the_keyboard_is_where_it_was_before(reader):
    reader.page.locator(".bnviz-more, .bnviz-info").first.focus()
    before = reader.page.evaluate_handle("document.activeElement")
    reader.page.keyboard.press("?")
    expect(reader.page.get_by_role("dialog", name="Keys")).to_contain_text("Play or pause")
    reader.page.keyboard.press("s")
    reader.page.keyboard.press("Escape")
    expect(reader.page.get_by_role("dialog")).to_have_count(0)
    assert before.evaluate("it => it === document.activeElement")
    reader.send(40)
    assert not [m for m in reader.stream.heard if m["do"] != "ack"]


def test_keys_can_be_turned_off_and_stay_off(reader):
    reader.page.get_by_role("button", name="Keys", exact=True).click()
    reader.page.get_by_role("checkbox").uncheck()
    reader.page.get_by_role("button", name="Close").click()
    reader.afresh()
    expect(reader.page.locator(".bnviz-chip")).to_have_text("live")
    for key in ("s", "?"):
        reader.page.keyboard.press(key)
    expect(reader.page.get_by_role("dialog")).to_have_count(0)
    reader.page.evaluate("localStorage.clear()")
    reader.page.keyboard.press("e")
    reader.wait(lambda: {"do": "epoch"} in reader.stream.heard)
    assert {"do": "step"} not in reader.stream.heard


def test_the_speed_is_a_ladder_that_ends_at_full_speed(reader):
    speed = reader.page.get_by_role("slider", name="Speed")
    expect(speed).to_have_attribute("aria-valuetext", "full speed")
    speed.focus()
    reader.page.keyboard.press("Home")
    reader.wait(lambda: {"do": "speed", "value": 1} in reader.stream.heard)
    reader.page.keyboard.press("End")
    reader.wait(lambda: {"do": "speed", "value": 0} in reader.stream.heard)


def test_new_seeds_are_asked_of_the_page(reader):
    reader.page.get_by_role("button", name="New seed").click()
    assert reader.page.evaluate("triggers") == ["new_seed"]


def test_every_rate_that_the_run_has_obeyed_is_told_to_the_page_once(reader):
    for turns in (1, 1, 2):
        reader.stream.state("running", turns=turns)
    reader.stream.state("paused", turns=2)
    expect(reader.page.locator(".bnviz-transport")).to_have_attribute("data-state", "paused")
    assert reader.page.evaluate("triggers") == ["turned", "turned"]


def test_a_reader_who_is_sent_to_the_board_finds_it_in_view_and_the_keyboard_on_play(reader):
    reader.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    reader.page.evaluate("mount(0)")
    expect(reader.page.locator(".bnviz-caption")).not_to_be_in_viewport()
    reader.page.evaluate("mount(1)")
    expect(reader.page.locator(".bnviz-caption")).to_be_in_viewport()
    expect(reader.page.locator(".bnviz-play")).to_be_focused()


def test_a_recording_is_paused_let_go_on_and_played_again(reader):
    follow = reader.page.locator(".bnviz-live")
    for plays, last, word, command in [(True, 90, "Pause", "pause"), (False, 90, "Go on", "replay"),
                                       (True, 30, "Again", "reset")]:  # fmt: skip
        reader.stream.state("recorded", plays=plays, last=last)
        expect(follow).to_have_text(word)
        follow.click()
        reader.wait(lambda command=command: {"do": command} in reader.stream.heard)


@pytest.mark.parametrize(
    ("state", "more", "chip"),
    [
        ("recorded", {}, "recorded"), ("running", {}, "live"), ("paused", {}, "paused"), ("finished", {}, "finished"),
        ("queued", {"position": 3, "estimate_seconds": 20}, "waiting, place 3, about 20 s"), ("failed", {}, "stopped"),
    ],
)
def test_every_state_has_its_word(reader, state, more, chip):
    reader.stream.state(state, **more)
    expect(reader.page.locator(".bnviz-chip")).to_have_text(chip)


def test_a_lost_worker_is_one_sentence_and_one_button(reader):
    reader.stream.state("failed", message="The worker ended unexpectedly.")
    expect(reader.page.locator(".bnviz-notice")).to_contain_text("The worker ended unexpectedly.")
    reader.page.get_by_role("button", name="Start again").click()
    reader.wait(lambda: {"do": "again"} in reader.stream.heard)


def test_a_run_that_could_not_begin_is_in_one_state_everywhere(page, tab):
    reader = opened(tab, twins())
    expect(page.locator(".bnviz-opening")).to_have_count(1)
    reader.stream.state("failed", message="MNIST is not here.")
    expect(page.locator(".bnviz-notice")).to_contain_text("MNIST is not here.")
    expect(page.locator(".bnviz-caption")).to_have_text("These networks could not be trained.")
    expect(page.locator(".bnviz-blank").first).to_be_hidden()
    expect(page.locator(".bnviz-opening")).to_have_count(0)


def test_the_footers_say_the_learning_rate_of_now(reader):
    footer = reader.page.locator('[data-chart="loss"] .bnviz-footer')
    reader.stream.state("running", rates={"plain": 0.5, "bn": 0.5})
    reader.send(20)
    expect(footer).to_contain_text("rate 0.5 ")
    reader.stream.state("running", rates={"plain": 1.0, "bn": 1.0})
    reader.send(40)
    expect(footer).to_contain_text("rate 1 ")
    reader.stream.state("paused", rates={"plain": 3.0, "bn": 3.0})  # no row comes
    expect(footer).to_contain_text("rate 3 ")


def test_text_never_becomes_markup(reader):
    reader.stream.state("failed", message="<img src=x onerror=window.hurt=1><b>hello</b>")
    expect(reader.page.locator(".bnviz-notice")).to_contain_text("<b>hello</b>")
    assert reader.page.locator(".bnviz-notice b").count() == 0


def test_a_cleanup_while_the_place_is_still_there_ends_nothing(reader):
    reader.page.evaluate("leave()")
    reader.send(40)
    assert reader.page.locator(".bnviz-board").count() == 1


def test_a_cleanup_of_a_place_that_is_gone_ends_the_line(reader):
    for boards in (2, 3):
        reader.afresh()
        assert len(reader.stream.queries) == boards
