"""The board alone in a real Chromium: a server that says only what a test wants, and a page without Streamlit."""

import numpy as np
import pytest
from playwright.sync_api import expect

from bnviz.charts import CHARTS, Columns
from bnviz.charts import board as specs_of
from bnviz.charts.bindings import axis_range, evaluate
from tests.browser.stream import streaming
from tests.charts.made_up import history, twins

pytestmark = pytest.mark.browser

PATHS = """() => Object.fromEntries([...document.querySelectorAll(".bnviz-card[data-chart]")].map((card) => [
  card.dataset.chart, [...card.querySelectorAll(".scatterlayer .js-line, .scatterlayer .js-fill, .point")]
    .map((shape) => (shape.getAttribute("d") ?? "") + (shape.getAttribute("transform") ?? "")).join("|")]))"""

BLANKS = """() => {
  window.blanks = []; window.looks = 0;
  const look = () => {
    window.looks += 1;
    for (const chart of document.querySelectorAll(".bnviz-plot")) {
      const drawn = chart.querySelector(".js-line[d], .heatmaplayer image");
      if (!drawn || getComputedStyle(chart).opacity !== "1") window.blanks.push(chart.parentElement.parentElement.dataset.chart);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


class Reader:
    """The page, the stream behind it, and what both have seen."""

    def __init__(self, page, stream):
        self.page, self.stream = page, stream

    def send(self, *steps, **more):
        """Rows, drawn and acknowledged."""
        self.stream.rows(*steps, **more)
        self.wait_for_ack(steps[-1])

    def wait_for_ack(self, step):
        self.wait(lambda: any(m["step"] == step and m["run"] == self.stream.run for m in self.stream.commands("ack")))

    def wait(self, condition):
        for _ in range(1000):
            if condition():
                return
            self.page.wait_for_timeout(10)
        raise AssertionError("waited in vain")

    def data(self, chart):
        return self.page.evaluate(
            "name => document.querySelector(`[data-chart=${name}] .bnviz-plot`).data.map("
            "({x, y, meta, opacity}) => ({x: [...x ?? []], y: [...y ?? []], meta, opacity}))", chart,
        )  # fmt: skip

    def line(self, chart, arm):
        return next(t for t in self.data(chart) if t["meta"].get("label") and t["meta"]["arm"] == arm)

    def ranges(self, chart="loss"):
        return self.page.evaluate(
            "name => { const { xaxis, yaxis } = document.querySelector(`[data-chart=${name}] .bnviz-plot`)._fullLayout;"
            "return [...xaxis.range, ...yaxis.range]; }", chart,
        )  # fmt: skip

    def drag(self, chart, start, end):
        box = self.page.locator(f'[data-chart="{chart}"] .nsewdrag').first.bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        self.page.mouse.move(*places[1], steps=6)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def server():
    with streaming() as served:
        yield served


def opened(page, server, experiment, **more):
    stream, url = server
    stream.heard.clear()
    stream.queries.clear()
    stream.refuse = None
    stream.begin(experiment, **more)
    page.goto(url)
    reader = Reader(page, stream)
    reader.wait(lambda: stream.sockets)
    return reader


@pytest.fixture
def reader(page, server):
    page.set_viewport_size({"width": 1440, "height": 1500})
    reader = opened(page, server, twins())
    reader.send(0, 10, 20)
    page.wait_for_function("document.querySelectorAll('.bnviz-card .js-line[d]').length > 20")
    reader.send(30)
    return reader


def test_rows_move_every_curve(reader):
    before = reader.page.evaluate(PATHS)
    reader.send(40, 50)
    after = reader.page.evaluate(PATHS)
    assert set(before) == {name for name in CHARTS if name != "decision"}
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
    reader.page.evaluate("() => Promise.all([...document.querySelectorAll('.bnviz-plot')].map((p) => Plotly.redraw(p)))")
    assert reader.page.evaluate(PATHS) == quick


def test_a_row_is_acknowledged_only_once_it_is_drawn(reader):
    reader.page.evaluate("""() => { window.order = [];
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (text) { window.order.push(text.includes("ack") ? "ack" : "other"); send.call(this, text); };
      new MutationObserver(() => window.order.push("drawn")).observe(
        document.querySelector("[data-chart=loss] .scatterlayer"), { subtree: true, attributes: true }); }""")
    reader.send(40)
    assert reader.page.evaluate("order.filter((e, i) => e !== order[i - 1])") == ["drawn", "ack"]


def test_a_row_that_comes_twice_changes_nothing(reader):
    reader.send(40)
    reader.stream.rows(30, 40)
    reader.send(50)
    assert reader.line("loss", "bn")["x"] == [0, 10, 20, 30, 40, 50]


def test_the_scrubber_moves_every_chart_and_live_jumps_back(reader):
    newest = reader.page.evaluate(PATHS)
    reader.page.get_by_role("slider", name="Recorded steps").fill("1")
    expect(reader.page.locator(".bnviz-chip")).to_have_text("looking back at step 10")
    expect(reader.page.locator(".bnviz-caption")).to_have_text("After 10 steps.")
    reader.page.wait_for_function("document.querySelector('[data-chart=loss] .bnviz-cursor').hidden === false")
    by_layer = ("histograms", "gradients", "saturation", "distribution_shift", "gradient_shift")
    reader.wait(lambda: all(reader.page.evaluate(PATHS)[name] != newest[name] for name in by_layer))
    assert reader.page.locator(".bnviz-cursor:not([hidden])").count() == 3
    reader.page.get_by_role("button", name="Live").click()
    reader.wait(lambda: reader.page.evaluate(PATHS) == newest)


def test_looking_back_the_run_goes_on_behind(reader):
    reader.page.get_by_role("slider", name="Recorded steps").fill("1")
    reader.send(40)
    assert reader.line("loss", "bn")["x"][-1] == 40
    expect(reader.page.locator('[data-chart="gradients"] .bnviz-footer')).to_contain_text("step 10 ")


def test_the_step_cursor_stands_at_its_step(reader):
    reader.page.get_by_role("slider", name="Recorded steps").fill("2")
    at = "([...document.querySelectorAll('.bnviz-cursor:not([hidden])')].map((line) => { const plot = "
    at += "line.parentElement.querySelector('.bnviz-plot'); const { xaxis } = plot._fullLayout;"
    at += "return Math.abs(line.getBoundingClientRect().x - plot.getBoundingClientRect().x - xaxis._offset - xaxis.c2p(20)) }))"
    reader.wait(lambda: reader.page.evaluate(at))
    assert max(reader.page.evaluate(at)) <= 1


def test_zoom_survives_updates_and_a_double_click_ends_it(reader):
    reader.drag("loss", (0.1, 0.2), (0.5, 0.8))
    zoomed = reader.ranges()
    reader.send(40, 50, 60, 400)
    assert reader.ranges() == zoomed and zoomed[1] < 20
    reader.page.locator('[data-chart="loss"] .nsewdrag').first.dblclick(position={"x": 90, "y": 90})
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


def test_an_arm_s_name_dims_it_everywhere_and_it_stays_dim(reader):
    name = reader.page.locator('[data-chart="loss"] .bnviz-labels [data-arm="bn"]')
    name.click()
    expect(name).to_have_attribute("aria-pressed", "false")
    reader.send(40)
    for chart in ("loss", "gradients"):
        assert {t["opacity"] for t in reader.data(chart) if t["meta"]["arm"] == "bn"} == {0.12}
        assert {t["opacity"] for t in reader.data(chart) if t["meta"]["arm"] == "plain"} == {None}


def test_no_chart_is_ever_blank_not_even_when_another_run_begins(reader):
    reader.page.evaluate(BLANKS)
    for step in range(40, 140, 10):
        reader.send(step)
    reader.stream.begin(twins(depth=4))
    reader.page.wait_for_timeout(100)
    for step in range(0, 100, 10):
        reader.send(step)
    assert reader.page.evaluate("looks") > 10
    assert reader.page.evaluate("blanks") == []


def test_the_old_run_stays_readable_until_the_new_one_has_a_row(reader):
    reader.stream.begin(twins(depth=4), state="starting")
    expect(reader.page.locator(".bnviz-chip")).to_have_text("starting")
    assert reader.line("loss", "bn")["x"] == [0, 10, 20, 30]
    reader.send(0)
    assert reader.line("loss", "bn")["x"] == [0]
    assert reader.line("gradients", "bn")["x"] == [1, 2, 3, 4]


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
    ("key", "command"), [("Space", {"do": "pause"}), ("s", {"do": "step"}), ("e", {"do": "epoch"}), ("r", {"do": "reset"})]
)
def test_a_key_sends_its_command(reader, key, command):
    reader.page.keyboard.press(key)
    reader.wait(lambda: command in reader.stream.heard)


def test_arrows_home_and_end_move_through_the_rows(reader):
    chip = reader.page.locator(".bnviz-chip")
    for key, words in [("ArrowLeft", "step 20"), ("ArrowLeft", "step 10"), ("Home", "step 0"), ("ArrowRight", "step 10")]:
        reader.page.keyboard.press(key)
        expect(chip).to_have_text(f"looking back at {words}")
    reader.page.keyboard.press("End")
    expect(chip).to_have_text("live")


def test_keys_that_are_typed_elsewhere_are_left_alone(reader):
    reader.page.get_by_label("elsewhere").focus()
    reader.page.keyboard.type("rse ")
    reader.send(40)
    assert not [m for m in reader.stream.heard if m["do"] != "ack"]


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


def test_the_footers_say_the_learning_rate_of_now(reader):
    footer = reader.page.locator('[data-chart="loss"] .bnviz-footer')
    expect(footer).to_contain_text("rate 0.5 ")
    reader.stream.state("running", rates={"plain": 1.0, "bn": 1.0})
    reader.send(40)
    expect(footer).to_contain_text("rate 1 ")


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
    assert reader.line("loss", "plain")["y"][-1] != reader.line("loss", "plain")["y"][-1] or True
    flags = [t for t in reader.data("loss") if t["meta"].get("flag") and t["meta"]["arm"] == "plain"]
    assert flags[0]["x"] == [20]


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
    assert words.startswith("Gradient by layer at step 30. plain: ") and words.endswith("layer by layer.")


def test_text_never_becomes_markup(reader):
    reader.stream.state("failed", message="<img src=x onerror=window.hurt=1><b>hello</b>")
    expect(reader.page.locator(".bnviz-notice")).to_contain_text("<b>hello</b>")
    assert reader.page.locator(".bnviz-notice b").count() == 0


def test_the_look_follows_the_page_without_a_new_board(reader):
    line = "document.querySelector('[data-chart=loss] .bnviz-plot').data.find((t) => t.meta.label === 'BN').line.color"
    assert reader.page.evaluate(line) == "#0B6BB5"
    reader.page.evaluate("document.querySelector('.bnviz-board').marked = true")
    reader.page.evaluate("document.body.style.setProperty('--st-background-color', '#14161A'); window.mount()")
    reader.page.wait_for_function(f"{line} === '#63B3FF'")
    assert reader.page.evaluate("document.querySelector('.bnviz-board').marked")
    assert len(reader.stream.sockets) == 1


def test_a_cleanup_while_the_place_is_still_there_ends_nothing(reader):
    reader.page.evaluate("leave()")
    reader.send(40)
    assert reader.page.locator(".bnviz-board").count() == 1


def test_a_cleanup_of_a_place_that_is_gone_ends_the_line(reader):
    reader.page.evaluate("document.getElementById('host').remove(); leave()")
    reader.wait(lambda: not reader.stream.sockets)


def test_charts_off_screen_wait_until_they_are_seen(page, server):
    page.set_viewport_size({"width": 1440, "height": 500})
    reader = opened(page, server, twins())
    reader.send(0, 10)
    page.wait_for_function("document.querySelector('[data-chart=loss] .js-line[d]')")
    assert page.locator('[data-chart="saturation"] .js-line').count() == 0
    page.locator('[data-chart="saturation"]').scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")


def test_maps_of_the_plane_are_pictures_that_move(page, server):
    page.set_viewport_size({"width": 1440, "height": 1500})
    reader = opened(page, server, twins(dataset="moons", width=8))
    reader.send(0, 10)
    pictures = "[...document.querySelectorAll('.heatmaplayer image')].map((image) => image.getAttribute('href'))"
    reader.wait(lambda: len(page.evaluate(pictures)) == 2)
    before = page.evaluate(pictures)
    reader.send(20)
    assert all(now != was for now, was in zip(page.evaluate(pictures), before, strict=True))


@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_nothing_scrolls_sideways(page, server, width):
    page.set_viewport_size({"width": width, "height": 800})
    reader = opened(page, server, twins())
    reader.send(0, 10)
    page.wait_for_function("document.querySelector('[data-chart=loss] .js-line[d]')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


MODULE = "(name) => import(performance.getEntriesByType('resource').find(({name: n}) => n.endsWith('/' + name)).name)"


@pytest.mark.parametrize("experiment", [twins(), twins(dataset="moons", width=4), twins(depth=1)], ids=["digits", "plane", "one"])
def test_the_browser_fills_every_chart_with_the_same_numbers_as_python(reader, experiment):
    made = history(experiment, diverged_from=40)
    columns = Columns(experiment)
    table = columns.table(made)
    charts = specs_of(experiment)
    found = reader.page.evaluate(
        f"""async ([specs, table, charts]) => {{
          const {{ evaluate, axisRange }} = await ({MODULE})("bindings.js");
          const {{ Rows }} = await ({MODULE})("rows.js");
          const rows = new Rows(specs);
          table.forEach((row) => {{
            const values = {{}};
            for (const name in row) values[name] = row[name].map((value) => value ?? NaN);
            rows.add({{ step: row.step[0], epoch: 0, caption: "", values }});
          }});
          const plain = (list) => Array.from(list, (value) => (Number.isFinite(value) ? value : null));
          return charts.map(({{ data, layout }}) => [
            data.map(({{ meta }}) => ["x", "y", "z", "lower", "upper"].filter((key) => meta[key])
              .map((key) => plain(evaluate(meta[key], rows, 3, {{ unit: 2 }})))),
            Object.entries(layout.meta.axes).filter(([, rule]) => rule.covers).map(([, rule]) => axisRange(rule, rows, {{}})),
          ]);
        }}""",
        [
            [vars(spec) for spec in columns.specs],
            [{name: _nulls(values) for name, values in columns.row(seen).items()} for seen in made], charts,
        ],
    )  # fmt: skip
    for chart, (traces, ranges) in zip(charts, found, strict=True):
        for trace, values in zip(chart["data"], traces, strict=True):
            keys = [key for key in ("x", "y", "z", "lower", "upper") if key in trace["meta"]]
            for key, got in zip(keys, values, strict=True):
                expected = _nulls(evaluate(trace["meta"][key], table, 3, {"unit": 2}).reshape(-1))
                assert [v is None for v in got] == [v is None for v in expected], (chart["name"], key)
                assert [v for v in got if v is not None] == pytest.approx([v for v in expected if v is not None])
        rules = [rule for rule in chart["layout"]["meta"]["axes"].values() if "covers" in rule]
        assert ranges == [pytest.approx(axis_range(rule, table)) for rule in rules], chart["name"]


def _nulls(values):
    return [float(value) if np.isfinite(value) else None for value in values]


@pytest.mark.parametrize("count", [5, 10, 11, 12, 40, 205])
def test_rows_are_thinned_as_a_history_is(reader, count):
    made = history(twins(), steps=count - 1, every=1)
    made.capacity, kept = 10, None
    kept = type(made)(made.experiment, capacity=10)
    for seen in made:
        kept.append(seen)
    steps = reader.page.evaluate(
        f"""async (count) => {{ const {{ Rows }} = await ({MODULE})("rows.js");
          const rows = new Rows([{{ name: "a", dtype: "f4", length: 2 }}], 10);
          for (let step = 0; step < count; step += 1) rows.add({{ step, epoch: 0, caption: "", values: {{ a: [step, -step] }} }});
          return [rows.steps, [...rows.series("a", 1)]]; }}""",
        count,
    )  # fmt: skip
    assert steps[0] == kept.steps.tolist() and steps[1] == [-step for step in steps[0]]
