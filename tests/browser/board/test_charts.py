"""The charts of the board in a real Chromium: they move, hold the right numbers, and keep what the reader did."""

import pytest
from playwright.sync_api import expect

from bnviz.charts import CHARTS, Columns, board
from tests.browser.board.reader import BLANKS, PATHS, opened
from tests.charts.made_up import history, snapshot, twins

pytestmark = pytest.mark.browser

WHOLE = """() => {
  const { react } = Plotly;
  window.whole = [];
  Plotly.react = (plot, ...given) => {
    whole.push(plot.closest("figure").dataset.chart);
    return react(plot, ...given);
  };
}"""


def test_rows_move_every_curve(reader):
    before = reader.page.evaluate(PATHS)
    reader.send(40, 50)
    after = reader.page.evaluate(PATHS)
    assert set(before) == {chart["name"] for chart in board(twins())} - {"inside"}  # which nobody has opened
    assert all(after[name] != before[name] for name in before)


def test_the_charts_hold_the_numbers_that_were_sent(reader):
    table = Columns(twins()).table(history(twins(), steps=30))
    line = reader.line("loss", "bn")
    assert line["x"] == [0, 10, 20, 30]
    assert line["y"] == pytest.approx(table["bn.train_loss.mean"][:, 0].tolist())


def test_numbers_drawn_quickly_look_as_plotly_would_draw_them(reader):
    for step in range(40, 101, 10):
        reader.send(step)
    quick = reader.page.evaluate(PATHS)
    reader.page.evaluate("Promise.all([...document.querySelectorAll('.js-plotly-plot')].map((p) => Plotly.redraw(p)))")
    assert reader.page.evaluate(PATHS) == quick


def test_a_row_is_acknowledged_only_once_it_is_drawn(reader):
    reader.page.evaluate("""() => { window.order = [];
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (text) { window.order.push(JSON.parse(text).do); send.call(this, text); };
      new MutationObserver(() => window.order.push("drawn")).observe(
        document.querySelector("[data-chart=loss] .scatterlayer"), { subtree: true, attributes: true }); }""")
    reader.send(40)
    assert reader.page.evaluate("order.filter((e, i) => e !== order[i - 1])") == ["drawn", "ack"]


def test_a_row_that_comes_twice_changes_nothing(reader):
    reader.send(40)
    reader.stream.rows(30, 40)
    reader.send(50)
    assert reader.line("loss", "bn")["x"] == [0, 10, 20, 30, 40, 50]


def test_the_step_cursor_stands_at_its_step(reader):
    reader.page.get_by_role("slider", name="Recorded steps").fill("20")
    off = """[...document.querySelectorAll(".bnviz-cursor:not([hidden])")].map((line) => {
      const plot = line.parentElement.querySelector(".bnviz-plot"), { xaxis, xaxis2, xaxis3 } = plot._fullLayout;
      const x = line.getBoundingClientRect().x - plot.getBoundingClientRect().x;
      const across = [xaxis, xaxis2, xaxis3].filter((axis) => axis);
      return Math.min(...across.map((axis) => Math.abs(x - axis._offset - axis.c2p(20)))); })"""
    reader.wait(lambda: len(reader.page.evaluate(off)) == 6)
    assert max(reader.page.evaluate(off)) <= 1


def test_zoom_survives_updates_and_a_double_click_ends_it(reader):
    reader.drag("loss", (0.1, 0.2), (0.5, 0.8))
    zoomed = reader.ranges()
    reader.send(40, 50, 60, 400)
    assert reader.ranges() == zoomed and zoomed[1] < 20
    reader.double_click("loss", 90, 90)
    reader.wait(lambda: reader.ranges()[1] == 400)


def test_hover_says_the_numbers_of_now(reader):
    reader.send(40, 50, 60)
    box = reader.page.locator('[data-chart="loss"] .nsewdrag').first.bounding_box()
    share = 60 / reader.ranges()[1]
    reader.page.mouse.move(box["x"] + 10, box["y"] + 40)
    reader.page.mouse.move(box["x"] + share * box["width"] - 1, box["y"] + 50, steps=3)
    value = reader.line("loss", "bn")["y"][-1]
    expect(reader.page.locator('[data-chart="loss"] .hoverlayer')).to_contain_text("step 60")
    expect(reader.page.locator('[data-chart="loss"] .hoverlayer')).to_contain_text(f"{value:.3g}")


def test_the_numbers_of_a_chart_are_one_key_away_and_the_keyboard_comes_back(reader):
    card = reader.page.locator("[data-chart=loss]")
    picture = card.get_by_role("group", name="Training loss")
    picture.focus()
    reader.page.keyboard.press("t")
    table = card.get_by_role("table", name="Training loss at step 30")
    assert table.get_by_role("columnheader").all_inner_texts() == ["step", "plain", "BN"]
    assert table.get_by_role("rowheader").all_inner_texts() == ["30", "20", "10", "0"]
    value = reader.line("loss", "bn")["y"][-1]
    expect(table.get_by_role("cell").nth(1)).to_contain_text(f"{value:.3g} (")
    reader.page.keyboard.press("Escape")
    expect(picture).to_be_focused()
    expect(table).to_be_hidden()


def test_an_arm_s_name_dims_it_everywhere_and_it_stays_dim(reader):
    name = reader.page.locator('[data-chart="loss"] .bnviz-labels [data-arm="bn"]')
    name.click()
    expect(name).to_have_attribute("aria-pressed", "false")
    reader.send(40)
    for chart in ("loss", "gradients"):
        assert {t["opacity"] for t in reader.data(chart) if t["meta"]["arm"] == "bn"} == {0.12}
        assert {t["opacity"] for t in reader.data(chart) if t["meta"]["arm"] == "plain"} == {None}


def test_no_chart_is_ever_blank_not_even_when_another_run_begins(reader):
    def looked_at():
        reader.page.wait_for_function("before => looks > before", arg=reader.page.evaluate("looks"))

    reader.page.evaluate(BLANKS)
    for step in range(40, 140, 10):
        reader.send(step)
        looked_at()
    reader.stream.begin(twins(depth=4))
    expect(reader.page.locator(".bnviz-before")).to_have_count(1)
    looked_at()
    for step in range(0, 100, 10):
        reader.send(step)
        looked_at()
    assert reader.page.evaluate("blanks") == []


def test_a_board_that_finds_plotly_on_its_page_draws_a_chart_whole_once(reader):
    reader.page.evaluate(WHOLE)
    reader.afresh()
    reader.send(0, 10, 20, 31, 32)
    reader.page.wait_for_function("whole.includes('saturation')")
    reader.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    reader.send(40)
    assert reader.page.evaluate("whole.filter((name) => name === 'loss')") == ["loss"]


def test_the_old_run_stays_readable_until_the_new_one_has_a_row(reader):
    reader.stream.begin(twins(depth=4), state="starting")
    expect(reader.page.locator(".bnviz-chip")).to_have_text("starting")
    assert reader.line("loss", "bn")["x"] == [0, 10, 20, 30]
    reader.send(0)
    assert reader.line("loss", "bn")["x"] == [0]
    assert reader.line("gradients", "bn")["x"] == [1, 2, 3, 4]


def test_the_i_opens_two_sentences_and_escape_closes_them(reader):
    card = reader.page.locator('[data-chart="loss"]')
    button = card.get_by_role("button", name="What to look for: Training loss")
    button.focus()
    reader.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(card.locator(".bnviz-words p")).to_have_text(list(CHARTS["loss"].look_for))
    reader.page.keyboard.press("Escape")
    expect(card.locator(".bnviz-words")).to_be_hidden()


def test_a_diverged_arm_is_flagged_on_its_curve(reader):
    reader.send(40, diverged="plain")
    expect(reader.page.locator('[data-chart="loss"] .scatterlayer .text')).to_contain_text(["plain diverged, step 20"])
    flags = [t for t in reader.data("loss") if t["meta"].get("flag") and t["meta"]["arm"] == "plain"]
    assert flags[0]["x"] == [20]


def test_an_arm_that_runs_away_does_not_take_the_axis_with_it(reader, monkeypatch):
    def far(experiment, step, diverged):
        made = snapshot(experiment, step)
        made.arms["plain"]["train_loss"][:] = 2e8
        return made

    monkeypatch.setattr("tests.browser.board.stream.snapshot", far)
    reader.send(40, 50, 60)
    assert reader.ranges()[3] <= 3
    expect(reader.page.locator('[data-chart="loss"] .bnviz-beyond')).to_have_text("▲ up to 2.0e+8")


def test_a_new_learning_rate_is_marked_on_every_curve(reader):
    reader.stream.state("running", events=[[20, "rate 1"], [35, "rate 0.1"]])
    reader.send(40)
    for chart in ("loss", "accuracy", "percentiles"):
        card = reader.page.locator(f'[data-chart="{chart}"]')
        expect(card.locator(".shapelayer path")).to_have_count(2)
        expect(card.locator(".annotation-text").filter(has_text="rate")).to_have_text(["rate 0.1", "rate 1"])
    assert reader.page.locator('[data-chart="gradients"] .shapelayer path').count() == 0


def test_a_chosen_layer_and_unit_are_followed(reader):
    card = reader.page.locator('[data-chart="percentiles"]')
    card.get_by_role("combobox", name="layer").select_option("2")
    card.get_by_role("combobox", name="unit").select_option("5")
    table = Columns(twins()).table(history(twins(), steps=30))
    expected = table["plain.unit_p50"][:, 32 + 4].tolist()
    reader.wait(lambda: reader.line("percentiles", "plain")["y"] == pytest.approx(expected))


def test_every_chart_is_also_said_in_words(reader):
    reader.page.wait_for_function(
        "document.querySelector('[data-chart=loss] .bnviz-hidden').textContent.includes('at step 30')"
    )
    words = reader.page.locator('[data-chart="gradients"] .bnviz-hidden').inner_text()
    assert words.startswith("Gradient by layer at step 30. plain, layers 1–3: ") and "; BN, layers 1–3: " in words


def test_the_look_follows_the_page_without_a_new_board(reader):
    line = "document.querySelector('[data-chart=loss] .bnviz-plot').data.find((t) => t.meta.label === 'BN').line.color"
    assert reader.page.evaluate(line) == "#0B6BB5"
    reader.page.evaluate("document.querySelector('.bnviz-board').marked = true")
    reader.page.evaluate("document.body.style.setProperty('--st-background-color', '#14161A'); window.mount()")
    reader.page.wait_for_function(f"{line} === '#63B3FF'")
    assert reader.page.evaluate("document.querySelector('.bnviz-board').marked")
    assert len(reader.stream.sockets) == 1


def test_charts_off_screen_wait_until_they_are_seen_and_are_said_in_words_of_now(page, tab):
    reader = opened(tab, twins(), height=800)
    reader.send(0, 10)
    page.wait_for_function("document.querySelector('[data-chart=loss] .js-line[d]')")
    assert page.locator('[data-chart="saturation"] .js-line').count() == 0
    expect(page.locator('[data-chart="saturation"] .bnviz-hidden')).to_contain_text("at step 10.")
    page.locator('[data-chart="saturation"]').scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")


def test_on_paper_every_chart_is_drawn_and_as_wide_as_the_sheet(page, tab):
    reader = opened(tab, twins(), height=500)
    reader.send(0, 10, 20)
    page.wait_for_function("window.Plotly && document.querySelector('canvas[data-step]')")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    drawn = "(card) => [card.dataset.chart, card.querySelector('.js-line[d], canvas[data-step]') !== null]"
    charts = dict(page.evaluate(f"[...document.querySelectorAll('[data-chart]:not([hidden])')].map({drawn})"))
    assert len(charts) == 11 and all(charts.values()), charts
    width = "document.querySelector('.bnviz-board').getBoundingClientRect().width"
    assert page.evaluate(width) <= 700
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(width) > 1000


def test_maps_of_the_plane_are_pictures_that_move(page, tab):
    reader = opened(tab, twins(dataset="moons", width=8))
    reader.send(0, 10)
    pictures = "[...document.querySelectorAll('.heatmaplayer image')].map((image) => image.getAttribute('href'))"
    reader.wait(lambda: len(page.evaluate(pictures)) == 2)
    before = page.evaluate(pictures)
    reader.send(20)
    assert all(now != was for now, was in zip(page.evaluate(pictures), before, strict=True))


@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_nothing_scrolls_sideways(page, tab, width):
    reader = opened(tab, twins(), width=width, height=800)
    reader.send(0, 10)
    page.wait_for_function("document.querySelector('[data-chart=loss] .js-line[d]')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_chart_can_be_enlarged_and_shrunk_again(reader):
    size = """(() => { const { width, height } = document.querySelector("[data-chart=loss]").getBoundingClientRect();
      return [width, height]; })()"""
    width, height = reader.page.evaluate(size)
    card = reader.page.locator("[data-chart=loss]")
    card.hover()
    card.get_by_role("button", name="Enlarge: Training loss").click()
    reader.wait(lambda: reader.page.evaluate(size)[0] > 1.8 * width)
    assert reader.page.evaluate(size)[1] > 1.4 * height
    card.get_by_role("button", name="Shrink: Training loss").click()
    reader.wait(lambda: reader.page.evaluate(size) == [width, height])
