"""The look of every chart, in one place: colours by role, type, space, and the quiet layout they stand in.

A colour in a figure is a word such as ``arm:bn`` or ``ghost``; the board
resolves it for light and dark, ``painted`` for a static figure. Values were
checked for contrast and under simulated colour blindness: change them
together or not at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bnviz.experiment import Experiment

Look = Literal["light", "dark"]
LOOKS: tuple[Look, Look] = ("light", "dark")

ARM_COLOURS: dict[str, tuple[str, str]] = {
    "plain": ("#C2410C", "#FF9D5C"),
    "bn": ("#0B6BB5", "#63B3FF"),
    "third": ("#0F8A5F", "#45D6A4"),
    "fourth": ("#9D3C8F", "#E79AD8"),
    "plain-deep": ("#6B2106", "#D56521"),
    "bn-deep": ("#083A66", "#2B88E3"),
    "third-deep": ("#06462F", "#1A9A6C"),
    "fourth-deep": ("#521A4A", "#C563B3"),
}
"""Role of an arm to its colour, light and dark; of four hues each has a deeper tone, for another arm of the hue."""

SURFACES: dict[str, tuple[str, str]] = {
    "page": ("#FBFAF7", "#14161A"),
    "card": ("#FFFFFF", "#1A1D22"),
    "sunk": ("#F1EFE9", "#23272E"),
    "text": ("#1F2328", "#E8EAED"),
    "quiet": ("#5B6470", "#9AA4B2"),
}

DEEP = "-deep"
BAND_OPACITY, GHOST_OPACITY, GRID_OPACITY, DIM_OPACITY, STILL_OPACITY = 0.18, 0.25, 0.12, 0.12, 0.6
FAINT = {"ghost": ("quiet", GHOST_OPACITY), "still": ("quiet", STILL_OPACITY), "grid": ("text", GRID_OPACITY)}
"""Colours that let what is behind them through: word to the surface's word, and how opaque."""

DASHES = {"plain": "solid", "bn": "7px,3px", "third": "dot", "fourth": "dashdot"}

FONT = "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
SMALL, BODY, LARGE = 13, 15, 18
TICK = 12
HEIGHT = 240
"""Pixels from the top of a chart's axis titles to the bottom of its step labels."""

MARGIN = {"l": 48, "r": 60, "t": 36, "b": 30}

CLASS_COLOURS: dict[Look, tuple[str, ...]] = {
    "light": ("#3B528B", "#21918C", "#C8A415", "#7B4B94", "#5C6B73"),
    "dark": ("#7C93D6", "#3CC4B5", "#F0D04A", "#C08BDA", "#9FB0BA"),
}
"""What the network names at a point of the plane: never an arm's colour."""

RAMP_MIDDLE = 0.55
"""Where on an arm's ramp its own colour stands."""

DEPTHS: dict[Look, tuple[str, float]] = {"light": ("#000000", 0.6), "dark": ("#FFFFFF", 0.6)}
"""Towards which colour an arm's ramp goes on beyond the arm's own, and how far."""


@dataclass(frozen=True)
class ArmLook:
    """How one arm is drawn everywhere: the role that gives the colour, and the dash."""

    role: str
    dash: str

    @property
    def colour(self) -> str:
        return f"arm:{self.role}"

    @property
    def band(self) -> str:
        return f"band:{self.role}"


OWN_LOOKS: dict[str, ArmLook] = {
    "none": ArmLook("plain", DASHES["plain"]),
    "batch": ArmLook("bn", DASHES["bn"]),
    "noisy": ArmLook("third", DASHES["third"]),
    "layer": ArmLook("fourth", DASHES["fourth"]),
    "group": ArmLook("fourth-deep", "longdash"),
    "l1": ArmLook("third-deep", "5px,5px"),
    "linf": ArmLook("third", "10px,2px,2px,2px"),
    "detached": ArmLook("third-deep", "2px,2px"),
}
"""The look of the first arm of a normalization, on every board: BN's variants are green, what knows no batch purple."""

SPARE_DASHES = ("5px,5px", "2px,2px", "longdash", "10px,2px,2px,2px", "dashdot", "dot", "7px,3px", "solid")
"""In this order, those that nobody on a board has go to the second arm of a normalization and on."""


def arm_looks(experiment: Experiment) -> dict[str, ArmLook]:
    """Every arm's look: the first without normalization is plain, the first with batch normalization is bn."""
    return looks({arm: run.normalization for arm, run in experiment.arms.items()})


def looks(normalizations: Mapping[str, str]) -> dict[str, ArmLook]:
    """The look of arms by their normalizations: the first of each has its own, wherever it is shown and with whom.

    Another of the same keeps the hue, in its two tones by turns, with a dash that no other arm of these eight has.
    """
    worn: dict[str, ArmLook] = {}
    for arm, kind in normalizations.items():
        if OWN_LOOKS[kind] not in worn.values():
            worn[arm] = OWN_LOOKS[kind]
    spare = (dash for dash in SPARE_DASHES if dash not in {look.dash for look in worn.values()})
    tones = {kind: itertools.cycle(_tones(look.role)) for kind, look in OWN_LOOKS.items()}
    for arm, kind in normalizations.items():
        role = next(tones[kind])
        if arm not in worn:
            worn[arm] = ArmLook(role, next(spare))
    return {arm: worn[arm] for arm in normalizations}


def _tones(role: str) -> tuple[str, str]:
    """Both tones of a hue, this one first."""
    hue = role.removesuffix(DEEP)
    return (hue, hue + DEEP) if role == hue else (role, hue)


def colour(word: str, look: Look = "light") -> str:
    """The CSS colour of a word such as ``arm:bn``, ``band:bn``, ``ghost``, ``text``; other words stay as they are."""
    side = LOOKS.index(look)
    kind, _, role = word.partition(":")
    if kind in ("arm", "band") and role in ARM_COLOURS:
        return _faded(ARM_COLOURS[role][side], BAND_OPACITY if kind == "band" else 1)
    if word in FAINT:
        surface, opacity = FAINT[word]
        return _faded(SURFACES[surface][side], opacity)
    if kind.startswith("class-"):
        return CLASS_COLOURS[look][int(kind.removeprefix("class-"))]
    return SURFACES[word][side] if word in SURFACES else word


def _faded(hexadecimal: str, opacity: float) -> str:
    red, green, blue = bytes.fromhex(hexadecimal[1:])
    return hexadecimal if opacity == 1 else f"rgba({red},{green},{blue},{opacity})"


def class_scale(look: Look = "light") -> list[tuple[float, str]]:
    """The colour scale of decision maps, 50 values a class: from the surface (a guess) to the class's colour (sure)."""
    classes = CLASS_COLOURS[look]
    surface = SURFACES["card"][LOOKS.index(look)]
    scale: list[tuple[float, str]] = []
    for index, strong in enumerate(classes):
        scale += [(index / len(classes), _mixed(surface, strong, 0.12)), ((index + 1) / len(classes), strong)]
    return scale


def deep(role: str, look: Look = "light") -> str:
    """The end of an arm's ramp: its colour, farther from the surface."""
    return _mixed(ARM_COLOURS[role][LOOKS.index(look)], *DEPTHS[look])


def ramp(role: str, look: Look = "light") -> list[tuple[float, str]]:
    """The colour scale of a density map: from the surface over the arm's colour to its deep end."""
    side = LOOKS.index(look)
    return [(0, SURFACES["card"][side]), (RAMP_MIDDLE, ARM_COLOURS[role][side]), (1, deep(role, look))]


def scale(word: str, look: Look = "light") -> list[tuple[float, str]]:
    """The colour scale of a word: ``classes``, or ``ramp:bn``."""
    return class_scale(look) if word == "classes" else ramp(word.partition(":")[2], look)


def _mixed(base: str, top: str, share: float) -> str:
    pairs = zip(bytes.fromhex(base[1:]), bytes.fromhex(top[1:]), strict=True)
    return "#" + bytes(round((1 - share) * low + share * high) for low, high in pairs).hex().upper()


def painted(figure: Any, look: Look = "light") -> Any:
    """A figure with every colour word replaced by its colour. What is no colour word is left alone."""
    if isinstance(figure, dict):
        return {
            key: figure[key] if key in ("meta", "text", "title") else
            scale(figure[key], look) if key == "colorscale" and isinstance(figure[key], str) else
            painted(figure[key], look)
            for key in figure
        }  # fmt: skip
    if isinstance(figure, list):
        return [painted(part, look) for part in figure]
    return colour(figure, look) if isinstance(figure, str) else figure


def css_variables() -> str:
    """The same values for the board: ``--bnviz-bn``, ``--bnviz-quiet``, ``--bnviz-class-0``, ... in both looks."""
    rules = []
    for look, selector in zip(LOOKS, (".bnviz-board", '.bnviz-board[data-look="dark"]'), strict=True):
        side = LOOKS.index(look)
        values = {name: pair[side] for name, pair in {**ARM_COLOURS, **SURFACES}.items()}
        values |= {f"class-{index}": value for index, value in enumerate(CLASS_COLOURS[look])}
        values |= {f"deep-{role}": deep(role, look) for role in ARM_COLOURS}
        values |= {word: colour(word, look) for word in FAINT}
        lines = "".join(f"  --bnviz-{name}: {value};\n" for name, value in values.items())
        rules.append(f"{selector} {{\n{lines}}}\n")
    numbers = {"band-opacity": BAND_OPACITY, "dim-opacity": DIM_OPACITY, "ramp-middle": RAMP_MIDDLE}
    both = "".join(f"  --bnviz-{name}: {value};\n" for name, value in {**numbers, "font": FONT}.items())
    return f".bnviz-board {{\n{both}}}\n" + "".join(rules)


def axis(**words: Any) -> dict[str, Any]:
    """A quiet axis: no box, no zero line, small quiet numbers; ``words`` add to it."""
    return {
        "showline": False, "zeroline": False, "showgrid": False, "automargin": False, "ticks": "",
        "tickfont": {"size": TICK, "color": "quiet"}, "ticklabelstandoff": 5,
        "gridcolor": "grid", "gridwidth": 1, "fixedrange": False,
        "autorange": False, **words,
    }  # fmt: skip


def nth(name: str, index: int) -> str:
    """The name of a figure's axis, counted from 0, as plotly numbers them: ``x``, ``x2``, ``x3``."""
    return name if index == 0 else f"{name}{index + 1}"


def margin_for(labels: Iterable[str]) -> dict[str, int]:
    """The margins, with room on the right for the longest of the arms' names."""
    return {**MARGIN, "r": min(112, max(MARGIN["r"], 22 + 8 * max(len(label) for label in labels)))}


def layout(height: int = HEIGHT, **words: Any) -> dict[str, Any]:
    """The quiet layout: fixed height and margins, no legend box, no background of its own."""
    return {
        "height": height, "margin": dict(MARGIN), "showlegend": False, "autosize": False,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SMALL, "color": "text"},
        "hoverlabel": {"font": {"family": FONT, "size": SMALL, "color": "text"}, "bgcolor": "card",
                       "bordercolor": "grid", "align": "left"},
        "dragmode": "zoom", "uirevision": "kept", "annotations": [], "shapes": [], **words,
    }  # fmt: skip


def note(text: str, size: int = SMALL, colour: str = "quiet", **place: Any) -> dict[str, Any]:
    """A few words on a chart, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": size, "color": colour}, **place}


def axis_titles(x: str, y: str, inside: bool = False) -> list[dict[str, Any]]:
    """The titles at the ends of the axes: quantity and unit above the vertical one, right below the horizontal one.

    ``inside`` keeps the horizontal one left of the axis' end, where there is no margin for arms' names.
    """
    return [
        note(y, name="y title", xref="paper", yref="paper", x=0, y=1,
             xanchor="left", yanchor="bottom", xshift=-40, yshift=13),
        note(x, name="x title", xref="paper", yref="paper", x=1, y=0,
             xanchor="right" if inside else "left", yanchor="top", xshift=0 if inside else 12, yshift=-4),
    ]  # fmt: skip
