"""The border between networks that train and those that do not: the recorded map, plain beside BN."""

from bnviz.ui.maps.recorded import show_recorded_map


def show() -> None:
    """The picture, and the way to the map page, which draws it for other choices."""
    show_recorded_map("bench.border")
