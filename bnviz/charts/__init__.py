"""Charts: a history in, a figure out; and the same charts as templates for the live board.

    inputs_over_time(history), network, units, inside, loss_curve, accuracy_curve, input_histograms,
    unit_percentiles, gradient_norms, saturation, distribution_shift, gradient_shift, promise_and_outcome,
    filters_and_maps, decision_boundary                                    figures that stand still
    CHARTS, board(experiment)                                              what the board draws, as plain data
    Columns                                                                the rows it draws from
    draw_study(table, study), STUDY_CHARTS                                 what a study found, standing still
    drawn_study, drawn_curve                                               the same as plain data, for a page's script
    trainability_map(rows), sweep_curve(rows, x), best_values              what a map or a sweep found, standing still

How it works, from the ground up: ``theme`` holds every colour and size;
``columns`` makes a snapshot a row; ``curves``, ``layers``, ``words``, ``inputs``,
``densities``, ``networks``, ``unit_bars``, ``unit_inside``, ``promises``, ``filters`` and ``plane`` are templates whose
traces name their numbers in the words of ``bindings``; ``figure`` fills them (a network with ``still_network``), and
``marks`` says when something was done.
``studies``, ``unit_studies`` and ``sweeps`` draw tables on ``panels``, whose traces hold their numbers. ``pixels``
makes the rows of a map pixels, ``shades`` their colours; ``trainability`` is the map as a figure, ``canvas`` and
``cells`` as data for the map page.
Only ``figure`` loads plotly, and only ``preview``, a picture for links to a page, what draws pixels.
"""

from bnviz.charts.catalog import (
    CHARTS,
    Chart,
    accuracy_curve,
    board,
    decision_boundary,
    distribution_shift,
    draw,
    drawn_from,
    filters_and_maps,
    gradient_norms,
    gradient_shift,
    input_histograms,
    inputs_over_time,
    inside,
    loss_curve,
    network,
    promise_and_outcome,
    quantities_drawn,
    saturation,
    unit_percentiles,
    units,
    watched,
)
from bnviz.charts.columns import Column, Columns
from bnviz.charts.shades import SHADES
from bnviz.charts.studies import STUDY_CHARTS, draw_study, drawn_study
from bnviz.charts.sweeps import best_values, drawn_curve, sweep_curve
from bnviz.charts.theme import css_variables
from bnviz.charts.trainability import trainability_map

__all__ = [
    "CHARTS", "SHADES", "STUDY_CHARTS", "Chart", "Column", "Columns", "accuracy_curve", "best_values", "board",
    "css_variables", "decision_boundary", "distribution_shift", "draw", "draw_study", "drawn_curve", "drawn_from",
    "drawn_study", "filters_and_maps", "gradient_norms", "gradient_shift", "input_histograms", "inputs_over_time",
    "inside", "loss_curve", "network", "promise_and_outcome", "quantities_drawn", "saturation", "sweep_curve",
    "trainability_map", "unit_percentiles", "units", "watched",
]  # fmt: skip
