"""The browser reads templates and keeps rows exactly as Python does."""

import math

import numpy as np
import pytest

from bnviz import History
from bnviz.charts import Columns, board
from bnviz.charts.bindings import axis_range, evaluate
from bnviz.snapshot import Snapshot
from tests.charts.made_up import history, many_arms, twins
from tests.charts.test_catalog import ONLY_BY_NAME

pytestmark = pytest.mark.browser

LOAD = """async (name) => {
  const { name: file } = performance.getEntriesByType("resource").find((asked) => asked.name.endsWith("/modules.js"));
  return (await import(file)).modules[name];
}"""

FILL = f"""async ([specs, table, charts, apart]) => {{
  const {{ densityAt, evaluate }} = await ({LOAD})("bindings.js");
  const {{ axisRange }} = await ({LOAD})("ranges.js");
  const {{ Rows }} = await ({LOAD})("rows.js");
  const rows = new Rows(specs, undefined, apart);
  for (const row of table) {{
    const values = {{}};
    for (const name in row) values[name] = Float32Array.from(row[name], (value) => value ?? NaN);
    rows.add({{ step: row.step[0], epoch: 0, caption: "", values }});
    rows.look({{ step: row.step[0], values }});
  }}
  const density = (binding) => rows.steps.flatMap((_, index) => densityAt(binding, rows, index));
  const read = (binding) => (binding.rows ? density(binding) : Array.from(evaluate(binding, rows, 3, {{ unit: 2 }})));
  const filled = ({{ meta }}) => Object.fromEntries(["x", "y", "z", "lower", "upper"].filter((key) => meta[key])
    .map((key) => [key, read(meta[key])]));
  return charts.map(({{ data, layout }}) => [
    data.map(filled),
    Object.values(layout.meta.axes).filter((rule) => rule.covers).map((rule) => axisRange(rule, rows, {{}})),
  ]);
}}"""

THIN = f"""async (count) => {{
  const {{ Rows }} = await ({LOAD})("rows.js");
  const rows = new Rows([{{ name: "a", dtype: "f4", length: 2 }}], 10);
  for (let step = 0; step < count; step += 1) {{
    rows.add({{ step, epoch: 0, caption: "", values: {{ a: [step, -step] }} }});
  }}
  return [rows.steps, [...rows.series("a", 1)]];
}}"""

MADE = {
    "twins": history(twins(), diverged_from=40),
    "plane": history(twins(dataset="moons", width=4)),
    "one layer": history(twins(depth=1)),
    "four arms": history(many_arms(4, depth=9)),
    "instruments": history(twins().replace(instruments=["geometry", "landscape", "memory", "modes"])),
}


@pytest.mark.parametrize("kind", MADE)
def test_the_browser_fills_every_chart_with_the_same_numbers_as_python(tab, kind):
    made, columns = MADE[kind], Columns(MADE[kind].experiment)
    table = columns.table(made) | _opened(columns, len(made))
    rows = [{name: _nulls(values[index]) for name, values in table.items()} for index in range(len(made))]
    charts = [*board(made.experiment), *board(made.experiment, ONLY_BY_NAME)]
    specs, apart = ([vars(spec) for spec in of] for of in (columns.specs, columns.apart))
    found = tab[0].evaluate(FILL, [specs, rows, charts, apart])
    for chart, (traces, ranges) in zip(charts, found, strict=True):
        for trace, values in zip(chart["data"], traces, strict=True):
            for key, got in values.items():
                expected = evaluate(trace["meta"][key], table, 3, {"unit": 2})
                by_row = expected.T if "rows" in trace["meta"][key] else expected
                assert got == _close(by_row), (chart["name"], key)
        rules = [rule for rule in chart["layout"]["meta"]["axes"].values() if "covers" in rule]
        assert ranges == [pytest.approx(axis_range(rule, table)) for rule in rules], chart["name"]


@pytest.mark.parametrize("count", [5, 10, 11, 12, 40, 205])
def test_rows_are_thinned_as_a_history_is(tab, count):
    experiment = twins()
    kept = History(experiment, capacity=10)
    for step in range(count):
        kept.append(Snapshot(step, 0.0, {arm: {} for arm in experiment.arms}))
    steps, mirrored = tab[0].evaluate(THIN, count)
    assert steps == kept.steps.tolist() and mirrored == [-step for step in steps]
def _opened(columns, rows):
    """Some numbers of a unit that is open, whole ones so that there are classes among them."""
    sizes = {spec.name: (rows, spec.length) for spec in columns.apart}
    return {name: np.arange(math.prod(size), dtype=float).reshape(size) % 13 - 3 for name, size in sizes.items()}


def _nulls(values):
    return [float(value) if np.isfinite(value) else None for value in values]


def _close(values):
    return pytest.approx([math.nan if value is None else value for value in _nulls(values.reshape(-1))], nan_ok=True)
