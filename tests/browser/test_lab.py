"""What a person does in the Lab, with the real server, real training and a real Chromium."""

import os
import re
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import STREAMLIT, served
from tests.browser.lab import HAS_BEGUN, STEP, STEPS, Lab, until

pytestmark = pytest.mark.browser

BLANKS = """() => {
  window.blanks = 0;
  const look = () => {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      const { top, bottom } = chart.getBoundingClientRect();
      const shown = top < innerHeight && bottom > 0;
      const drawn = ".scatterlayer path[d], .heatmaplayer image, canvas[data-step]";
      if (shown && !chart.parentElement.querySelector(drawn)) window.blanks += 1;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@pytest.fixture
def lab(page, app_url):
    return Lab(page, app_url)


@contextmanager
def both(chromium):
    """The pages of two readers whose screens show every curve."""
    contexts = [chromium.new_context(viewport={"width": 1440, "height": 1800}, bypass_csp=True) for _ in range(2)]
    try:
        yield [context.new_page() for context in contexts]
    finally:
        for context in contexts:
            context.close()


SHOWN = """
  window.shown = new Set();
  const look = () => shown.add(document.querySelector(".bnviz-count-step .bnviz-value")?.textContent);
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""


def test_a_recorded_run_moves_before_anything_was_pressed_and_says_that_it_is_recorded(page, app_url):
    page.add_init_script(SHOWN)  # it may be over before a slow page is asked
    lab = Lab(page, app_url)
    lab.wait_for_state("recorded")
    expect(lab.page.locator(".bnviz-chip")).to_have_text("recorded")
    lab.wait("[...shown].filter((step) => /^\\d/.test(step)).length > 1")


def test_play_moves_the_curves_and_pause_stops_them(lab):
    lab.play(until=20)
    lab.press("Pause")
    lab.wait_for_state("paused")
    lab.press("Step")
    lab.wait(f"{STEPS}.at(-1) - {STEPS}.at(-2) === 1")


def test_an_epoch_ends_at_a_pass_over_the_training_set(lab):
    lab.start_live()
    lab.epochs(2)
    assert lab.step == 2 * (1437 // 60)


def test_the_curves_hold_both_arms_and_the_step_of_every_point(lab):
    lab.start_live()
    lab.epochs(1)
    assert set(lab.lines("loss")) == {"plain", "bn"}
    assert lab.steps("loss")[0] == 0 and lab.steps("loss")[-1] == lab.step


def test_reset_replays_the_same_numbers(lab):
    lab.start_live()
    lab.epochs(3)
    first = lab.curves("loss")
    lab.press("Reset")
    lab.wait(f"{STEP}.textContent === '0'")
    lab.start_live()
    lab.epochs(3)
    again = lab.curves("loss")
    common = set(first["bn"]) & set(again["bn"])
    assert len(common) >= 4
    for arm in ("plain", "bn"):
        assert [first[arm][step] for step in common] == [again[arm][step] for step in common]


def test_new_seeds_are_in_the_link_and_on_every_footer(lab):
    lab.press("New seed")
    lab.page.wait_for_url("**seeds=5-9**")
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("seeds 5–9")


def test_the_scrubber_moves_every_chart_and_live_jumps_back(lab):
    lab.start_live()
    lab.epochs(2)
    names = ("gradients", "distribution_shift", "saturation")
    newest = {name: lab.lines(name) for name in names if lab.page.locator(f'[data-chart="{name}"]').count()}
    assert newest
    lab.page.get_by_role("slider", name="Recorded steps").focus()
    lab.page.keyboard.press("Home")
    lab.wait("document.querySelector('.bnviz-caption').textContent.startsWith('Before the first step')")
    expect(lab.page.locator(".bnviz-chip")).to_have_text("looking back")
    lab.press("Live")
    expect(lab.page.locator(".bnviz-chip")).to_have_text("paused")


def test_zoom_survives_updates(lab):
    lab.play(until=60)
    lab.page.locator('[data-chart="loss"]').scroll_into_view_if_needed()
    box = lab.page.locator('[data-chart="loss"] .nsewdrag').first.bounding_box()
    lab.page.mouse.move(box["x"] + 60, box["y"] + 40)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 180, box["y"] + 100, steps=8)
    lab.page.mouse.up()
    ranges = "(() => { const {xaxis, yaxis} = document.querySelector('[data-chart=loss] .js-plotly-plot')._fullLayout;"
    ranges += "return [...xaxis.range, ...yaxis.range] })()"
    zoomed = lab.page.evaluate(ranges)
    lab.wait_for_step(lab.step + 300)
    assert lab.page.evaluate(ranges) == zoomed


def test_the_learning_rate_answers_while_training_and_loses_no_run(lab):
    lab.play(until=40)
    before = lab.step
    lab.page.get_by_role("slider", name="Learning rate").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("rate 1 ")
    lab.wait_for_step(before + 40)
    lab.wait(f"{STEPS}.length > 3")
    assert lab.steps("loss")[0] == 0


SMALL = "arms=plain,bn&bn.normalization=batch&width=16&seeds=0-1&learning_rate=0.1"
HAIRLINES = (
    "(document.querySelector('[data-chart=accuracy] .js-plotly-plot')?.layout?.shapes ?? []).map(({ x0 }) => x0)"
)


def test_the_address_is_that_of_the_run_as_it_was_turned_and_replays_it(chromium, app_url):
    with both(chromium) as (page, other):
        lab = Lab(page, app_url, SMALL)
        for _ in range(3):  # 20 steps a picture, since at full speed it may be over before its reader is
            page.get_by_role("slider", name="Speed", exact=True).press("ArrowLeft")
        lab.wait_for_step(20)
        page.get_by_role("slider", name="Learning rate").focus()
        for rate in ("0.3", "0.5"):
            page.keyboard.press("ArrowRight")
            page.wait_for_url(re.compile(f"changes=.*%3A{rate}(&|$)"))
        again = Lab(other, app_url, page.url.partition("?")[2])
        expect(other.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "0.5")
        for each in (lab, again):
            each.wait(f"{HAIRLINES}.length === 2")
        assert other.evaluate(HAIRLINES) == page.evaluate(HAIRLINES)
        turned = max(page.evaluate(HAIRLINES))

        def common():
            """What both have shown since, each at steps of its own."""
            one, two = (each.curves("accuracy")["bn"] for each in (lab, again))
            return [(one[step], two[step]) for step in one if step in two and step > turned]

        assert all(value == other_s for value, other_s in until(page, common))


def test_a_suggestion_plays_turns_the_rate_and_stops_where_it_asks_in_view_of_its_reader(lab):
    lab.page.get_by_role("button", name="Ten times the rate").click()
    lab.page.wait_for_url("**changes=150%3A1&**")
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("5 x 64 tanh")
    lab.wait_for_state("paused")
    lab.wait(f"{STEP}.textContent === '300'")
    lab.wait(f"String({HAIRLINES}) === '150'")
    expect(lab.page.locator(".bnviz-caption")).to_be_in_viewport()
    expect(lab.page.locator(".bnviz-play")).to_be_focused()


BEGUN = """() => {
  const board = document.querySelector("section.bnviz-board");
  const isAnnounced = () => board.classList.contains("bnviz-before");
  new MutationObserver(() => { window.begun ||= isAnnounced(); }).observe(board, { attributeFilter: ["class"] });
}"""


def test_a_suggestion_that_is_tried_again_begins_again(lab):
    lab.page.evaluate(BEGUN)
    for _ in range(2):
        lab.page.evaluate("window.begun = false")
        lab.page.get_by_role("button", name="Turn up the rate").click()
        lab.wait(f"begun && {HAS_BEGUN} && {STEP}.textContent === '100'")
        lab.wait_for_state("paused")


def test_a_control_that_restarts_starts_the_new_network_and_the_link_follows(lab):
    lab.play(until=20)
    lab.page.get_by_role("slider", name="Hidden layers").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.wait_for_url("**depth=4**")
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("4 x 100")
    lab.wait_for_state("running")


def test_no_chart_is_ever_blank_while_it_updates_or_restarts(lab):
    lab.play(until=10)
    lab.page.evaluate(BLANKS)
    lab.wait_for_step(300)
    lab.page.get_by_role("slider", name="Hidden layers").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("4 x 100")
    lab.wait_for_step(100)
    assert lab.page.evaluate("blanks") == 0


@pytest.mark.parametrize("pause", [60, 150])
def test_every_press_of_an_arrow_key_counts(lab, pause):
    """Four rungs up, and what runs, the address and the control agree."""
    lab.play(until=10)
    slider = lab.page.get_by_role("slider", name="Hidden layers")
    slider.focus()
    for _ in range(4):
        lab.page.keyboard.press("ArrowRight")
        lab.page.wait_for_timeout(pause)
    expect(lab.page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("8 x 100")
    expect(lab.page).to_have_url(re.compile("depth=8(&|$)"))
    assert slider.get_attribute("aria-valuetext") == "8"


def test_a_link_opens_its_experiment_training(page, app_url):
    spirals = "arms=plain,bn&bn.normalization=batch&dataset=spirals&depth=2&width=16&seeds=3,8"
    lab = Lab(page, app_url, spirals, path="/")
    lab.wait_for_state("running")
    expect(page).to_have_url(f"{app_url}/lab?{spirals}")
    expect(page.get_by_role("link", name="Lab", exact=True)).to_have_attribute("aria-current", "page")
    expect(page.locator('[data-chart="loss"] .bnviz-footer')).to_contain_text("seeds 3, 8")
    page.locator('[data-chart="decision"]').scroll_into_view_if_needed()
    expect(page.locator('[data-chart="decision"] .heatmaplayer image')).to_have_count(2)


def test_a_wrong_link_is_a_sentence_and_the_default(page, app_url):
    lab = Lab(page, app_url, "depth=thousands")
    expect(page.get_by_text("Not all of this link could be opened")).to_contain_text("allowed is 1 to 50")
    lab.wait_for_state("recorded")


def test_a_divergence_is_a_finding(page, app_url):
    twins = "arms=plain,bn&bn.normalization=batch&seeds=0-1"
    lab = Lab(page, app_url, f"{twins}&activation=relu&init=he&learning_rate=30&depth=8")
    lab.wait("/diverged/.test(document.querySelector('.bnviz-caption').textContent)")
    lab.wait_for_step(20)


def test_the_i_says_in_two_sentences_what_to_look_for(lab):
    card = lab.page.locator('[data-chart="loss"]')
    card.get_by_role("button", name="What to look for").click()
    expect(card.locator(".bnviz-words p:visible")).to_have_count(2)


def test_the_keyboard_plays_and_pauses(lab):
    lab.start_live()
    lab.page.evaluate("document.activeElement.blur()")
    lab.page.keyboard.press(" ")
    lab.wait_for_state("running")
    lab.page.keyboard.press(" ")
    lab.wait_for_state("paused")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_board_follows_the_look(chromium, app_url, look):
    page = chromium.new_context(color_scheme=look, bypass_csp=True).new_page()
    Lab(page, app_url)
    expect(page.locator("section.bnviz-board")).to_have_attribute("data-look", look)
    page.context.close()


def test_a_phone_shows_everything_without_scrolling_sideways(chromium, app_url):
    page = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, bypass_csp=True).new_page()
    lab = Lab(page, app_url)
    outside = "[...document.querySelectorAll('.bnviz-board :not(.bnviz-stage *)')]"
    wide = f"Math.max(...{outside}.map(e => e.getBoundingClientRect().right))"
    lab.wait(f"{wide} <= 361")
    page.context.close()


def told(path):
    """What the system says of a process; nothing of one that has just ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def children_of(pid):
    """The process ids below ``pid``, children first."""
    below = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        if fields := told(status).rpartition(b") ")[2].split():
            below.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found = [pid]
    for each in found:
        found.extend(below.get(each, ()))
    return found[1:]


def workers(url):
    """The processes that train for the server at ``url``: forked from its warm one, and ended by the kernel first."""
    port = url.rsplit(":", 1)[1]
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        if f"--server.port={port}".encode() in told(cmdline):
            server = int(cmdline.parent.name)
            warm = [pid for pid in children_of(server) if set(children_of(pid))]
            forked = [pid for parent in warm for pid in children_of(parent)]
            return [pid for pid in forked if told(Path(f"/proc/{pid}/oom_score_adj")) == b"500\n"]
    return []


def test_a_killed_worker_is_one_sentence_and_one_button(page):
    with served(STREAMLIT, "/_stcore/health") as url:
        lab = Lab(page, url)
        lab.play(until=20)
        for worker in workers(url):
            os.kill(worker, signal.SIGKILL)
        expect(page.locator(".bnviz-notice")).to_contain_text("ended unexpectedly")
        lab.press("Start again")
        lab.wait_for_state("running")
        page.close()


def test_a_closed_tab_ends_its_run_after_the_grace_period(chromium):
    with served(STREAMLIT, "/_stcore/health", BNVIZ_GRACE_SECONDS="1") as url:
        page = chromium.new_page(bypass_csp=True)
        lab = Lab(page, url)
        lab.play(until=20)
        assert len(workers(url)) == 1
        other = chromium.new_page(bypass_csp=True)
        Lab(other, url)
        page.close()
        until(other, lambda: not workers(url))
        other.close()


def test_the_code_opens_by_keyboard_and_fits_a_phone(page, app_url):
    page.set_viewport_size({"width": 360, "height": 740})
    lab = Lab(page, app_url)
    page.locator("summary", has_text="Code").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stCode")).to_contain_text("import torch")
    lab.wait("document.querySelector('[data-testid=stMain]').scrollWidth === 360")
