"""The look of every chart, in one place: colours by role, type, space, and the quiet layout they stand in.

A colour in a figure is a word such as ``arm:bn`` or ``ghost``; the board
resolves it for light and dark, ``painted`` for a static figure. Values were
checked for contrast and under simulated colour blindness: change them
together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bnviz.experiment import Experiment
from bnviz.own_functions import WithOwn, is_of_the_batch
from bnviz.wording import separators

Look = Literal["light", "dark"]
LOOKS: tuple[Look, Look] = ("light", "dark")

TONES: dict[str, tuple[tuple[str, str], ...]] = {
    "plain": (("#C2410C", "#FF9D5C"), ("#631D06", "#E76800"), ("#985846", "#D5AB8B"), ("#8E3407", "#B48A51")),
    "bn": (("#0B6BB5", "#63B3FF"), ("#12355C", "#2F90F2"), ("#50587E", "#AECCF9"), ("#003F97", "#7584B4")),
    "third": (("#0D8056", "#45D6A4"), ("#07351F", "#379565"), ("#326B33", "#A1ECD2"), ("#005126", "#78B9AB")),
    "fourth": (("#9D3C8F", "#E79AD8"), ("#561B42", "#EE4FCE"), ("#885F79", "#FCC9E8"), ("#7C0077", "#AC81A1")),
}
"""Hue of a family of arms to its four tones, light and dark: its own, and three for other members of the family."""

ARM_COLOURS: dict[str, tuple[str, str]] = {
    hue if place == 1 else f"{hue}-{place}": tone for hue, tones in TONES.items() for place, tone in enumerate(tones, 1)
}
"""Role of an arm to its colour, light and dark: ``plain``, ``plain-2`` to ``plain-4``, ``bn``, ..."""

SURFACES: dict[str, tuple[str, str]] = {
    "page": ("#FBFAF7", "#14161A"),
    "card": ("#FFFFFF", "#1A1D22"),
    "sunk": ("#F1EFE9", "#23272E"),
    "text": ("#1F2328", "#E8EAED"),
    "quiet": ("#5B6470", "#9AA4B2"),
}

BAND_OPACITY, GHOST_OPACITY, GRID_OPACITY, DIM_OPACITY, STILL_OPACITY = 0.18, 0.25, 0.12, 0.12, 0.6
FAINT = {"ghost": ("quiet", GHOST_OPACITY), "still": ("quiet", STILL_OPACITY), "grid": ("text", GRID_OPACITY)}
"""Colours that let what is behind them through: word to the surface's word, and how opaque."""

SHARP = {"quiet": 1, "ghost": 0.5, "still": 0.8, "grid": 0.4}
"""How opaque, in the text's colour, what is quiet or faint becomes for readers who ask for more contrast."""

AMBIENT = 1 / 7
"""How bright black is on a projector in a lit room, white being 1: an image whose contrast is 7:1 all in all, the least
that ANSI/INFOCOMM 3M-2011 has for watching a screen."""
LEAST_CONTRAST = 3.0
PROJECTED: dict[str, tuple[str, str]] = {"page": ("#FFFFFF", "#000000"), "card": ("#FFFFFF", "#000000"),
                                         "sunk": ("#ECECEC", "#262626"), "text": ("#000000", "#FFFFFF")}
"""The surfaces of a stage: what a projector can do at most."""
ON_BLACK = {"fourth-2": "#FFD9FC", "third-2": "#00FF9B", "third-4": "#99BFB7"}
"""Arms that would come too close to others of their hue on a black stage: what they have there instead."""

DASHES = {"plain": "solid", "bn": "7px,3px", "third": "dot", "fourth": "dashdot"}

FONT = "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
SMALL, BODY, LARGE = 13, 15, 18
TICK = 12
HEIGHT = 240
"""Pixels from the top of a chart's axis titles to the bottom of its step labels."""

MARGIN = {"l": 48, "r": 60, "t": 36, "b": 30}
PADDED = 2
"""Pixels that plotly keeps around words."""

CLASS_COLOURS: dict[Look, tuple[str, ...]] = {
    "light": ("#3B528B", "#21918C", "#C8A415", "#7B4B94", "#5C6B73"),
    "dark": ("#7C93D6", "#3CC4B5", "#F0D04A", "#C08BDA", "#9FB0BA"),
}
"""What the network names at a point of the plane: never an arm's colour."""

MORE_CLASS_COLOURS: dict[Look, tuple[str, ...]] = {
    "light": ("#CE5C8C", "#6B8E23", "#8A5A2B", "#3E9BC9", "#1F2328"),
    "dark": ("#F28FB8", "#A9CB5C", "#CFA274", "#86CDF0", "#E8EAED"),
}
"""Those of classes 5 to 9, which only dots have: ten classes are told apart by their numbers, too."""

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


OWN_LOOKS = WithOwn({
    "none": ArmLook("plain", DASHES["plain"]),
    "batch": ArmLook("bn", DASHES["bn"]),
    "noisy": ArmLook("third", DASHES["third"]),
    "layer": ArmLook("fourth", DASHES["fourth"]),
    "group": ArmLook("fourth-2", "longdash"),
    "l1": ArmLook("third-2", "5px,5px"),
    "linf": ArmLook("third-3", "10px,2px,2px,2px"),
    "detached": ArmLook("third-4", "2px,2px"),
}, lambda word: ArmLook("third-2", "7px,3px") if is_of_the_batch(word) else ArmLook("fourth-2", "dot"))  # fmt: skip
"""The look of the first arm of a normalization, on every board: BN's variants are green, what knows no batch purple."""

SPARE_DASHES = ("5px,5px", "2px,2px", "longdash", "10px,2px,2px,2px", "dashdot", "dot", "7px,3px", "solid")
"""In this order, those that nobody on a board has go to the second arm of a normalization and on."""


def arm_looks(experiment: Experiment) -> dict[str, ArmLook]:
    """Every arm's look: the first without normalization is plain, the first with batch normalization is bn."""
    return looks({arm: run.normalization for arm, run in experiment.arms.items()})


def looks(normalizations: Mapping[str, str]) -> dict[str, ArmLook]:
    """The look of arms by their normalizations: the first of each has its own, wherever it is shown and with whom.

    Another of the same keeps the hue: it has the tone that fewest on the board have, and a dash that nobody else has.
    """
    worn: dict[str, ArmLook] = {}
    for arm, kind in normalizations.items():
        if OWN_LOOKS[kind] not in worn.values():
            worn[arm] = OWN_LOOKS[kind]
    spare = (dash for dash in SPARE_DASHES if dash not in {look.dash for look in worn.values()})
    for arm, kind in normalizations.items():
        if arm not in worn:
            roles = [look.role for look in worn.values()]
            worn[arm] = ArmLook(min(_tones(OWN_LOOKS[kind].role), key=roles.count), next(spare))
    return {arm: worn[arm] for arm in normalizations}


def _tones(role: str) -> list[str]:
    """Every role of a hue, its own first."""
    hue = role.partition("-")[0]
    return [tone for tone in ARM_COLOURS if tone.partition("-")[0] == hue]


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
        return (CLASS_COLOURS[look] + MORE_CLASS_COLOURS[look])[int(kind.removeprefix("class-"))]
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


def signed(zero: float, look: Look = "light") -> list[tuple[float, str]]:
    """The colour scale of numbers with a sign: plain's hue, the surface where ``zero`` lies, and BN's hue."""
    side = LOOKS.index(look)
    negative = [(0.0, ARM_COLOURS["plain"][side])] if zero > 0 else []
    return [*negative, (zero, SURFACES["card"][side]), (1.0, ARM_COLOURS["bn"][side])]


def scale(word: str, look: Look = "light") -> list[tuple[float, str]]:
    """The colour scale of a word: ``classes``, ``ramp:bn``, or ``signed:0.5``."""
    kind, _, rest = word.partition(":")
    if kind == "signed":
        return signed(float(rest), look)
    return class_scale(look) if kind == "classes" else ramp(rest, look)


def _mixed(base: str, top: str, share: float) -> str:
    pairs = zip(bytes.fromhex(base[1:]), bytes.fromhex(top[1:]), strict=True)
    return "#" + bytes(round((1 - share) * low + share * high) for low, high in pairs).hex().upper()


def luminance(hexadecimal: str) -> float:
    """How bright a colour is, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [part / 255 for part in bytes.fromhex(hexadecimal[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def washed_out_contrast(one: str, other: str) -> float:
    """The contrast of two colours as a projector shows them in a lit room: WCAG's ratio, with the room's light on both.

    The room adds ``AMBIENT`` to what the projector leaves of its range: l becomes a + (1 - a) l.
    """
    low, high = sorted(AMBIENT + (1 - AMBIENT) * luminance(each) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def projected(role: str, look: Look) -> str:
    """An arm's colour for a projector: moved from the surface as little as it takes to be seen in a lit room."""
    side = LOOKS.index(look)
    if look == "dark" and role in ON_BLACK:
        return ON_BLACK[role]
    surface, far = PROJECTED["page"][side], PROJECTED["text"][side]
    steps = (_mixed(ARM_COLOURS[role][side], far, share / 100) for share in range(101))
    return next(colour for colour in steps if washed_out_contrast(colour, surface) >= LEAST_CONTRAST)


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
    """The same values for the board: ``--bnviz-bn``, ``--bnviz-quiet``, ``--bnviz-class-0``, ... in both looks.

    Paper is light. A stage has what a projector needs.
    """
    rules = []
    for look, selector in zip(LOOKS, (".bnviz-board", '.bnviz-board[data-look="dark"]'), strict=True):
        side = LOOKS.index(look)
        values = {name: pair[side] for name, pair in {**ARM_COLOURS, **SURFACES}.items()}
        classes = CLASS_COLOURS[look] + MORE_CLASS_COLOURS[look]
        values |= {f"class-{index}": value for index, value in enumerate(classes)}
        values |= {f"deep-{role}": deep(role, look) for role in ARM_COLOURS}
        values |= {word: colour(word, look) for word in FAINT}
        lines = "".join(f"  --bnviz-{name}: {value};\n" for name, value in values.items())
        sharp = "".join(f" --bnviz-{word}: {_faded(SURFACES['text'][side], share)};" for word, share in SHARP.items())
        own = f"{selector} {{\n{lines}}}\n@media (prefers-contrast: more) {{ {selector} {{{sharp} }} }}\n"
        rules.append(f"@media not print {{\n{own}}}\n" if look == "dark" else own)
    numbers = {"band-opacity": BAND_OPACITY, "dim-opacity": DIM_OPACITY, "ramp-middle": RAMP_MIDDLE}
    both = "".join(f"  --bnviz-{name}: {value};\n" for name, value in {**numbers, "font": FONT}.items())
    return f".bnviz-board {{\n{both}}}\n" + "".join(rules) + _stage_variables()


def _stage_variables() -> str:
    """Colours that a projector can show in a lit room; nothing is quiet there."""
    rules = []
    for look, own in zip(LOOKS, ("", '[data-look="dark"]'), strict=True):
        side = LOOKS.index(look)
        arms = {role: projected(role, look) for role in ARM_COLOURS}
        deep_ends = {f"deep-{role}": _mixed(arm, *DEPTHS[look]) for role, arm in arms.items()}
        faint = {word: _faded(PROJECTED["text"][side], share) for word, share in {**SHARP, "grid": 0.25}.items()}
        values = {**arms, **deep_ends, **{word: pair[side] for word, pair in PROJECTED.items()}, **faint}
        lines = "".join(f" --bnviz-{name}: {value};" for name, value in values.items())
        rules.append(f'@media not print {{ .bnviz-board[data-mode="present"]{own} {{{lines} }} }}\n')
    return "".join(rules)


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
    """The margins, with room on the right for the longest of the arms' names; the board gives less on a narrow page."""
    return {**MARGIN, "r": min(160, max(MARGIN["r"], 22 + 8 * max(len(label) for label in labels)))}


_SEPARATORS = {"separators": separators()} if separators() != ".," else {}
"""How plotly writes numbers by itself, where it is not as in English."""


def layout(height: int = HEIGHT, **words: Any) -> dict[str, Any]:
    """The quiet layout: fixed height and margins, no legend box, no background of its own."""
    return {
        "height": height, "margin": dict(MARGIN), "showlegend": False, "autosize": False,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SMALL, "color": "text"},
        "hoverlabel": {"font": {"family": FONT, "size": SMALL, "color": "text"}, "bgcolor": "card",
                       "bordercolor": "grid", "align": "left"},
        "dragmode": "zoom", "uirevision": "kept", "annotations": [], "shapes": [], **_SEPARATORS, **words,
    }  # fmt: skip


def note(text: str, size: int = SMALL, colour: str = "quiet", **place: Any) -> dict[str, Any]:
    """A few words on a chart, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": size, "color": colour}, **place}


def axis_titles(x: str, y: str, inside: bool = False, left: int = MARGIN["l"]) -> list[dict[str, Any]]:
    """The titles at the ends of the axes: quantity and unit above the vertical one, right below the horizontal one.

    ``inside`` keeps the horizontal one left of the axis' end, where there is no margin for arms' names; else it leaves
    room for half of the last number. The other begins where the chart does, ``left`` of its axis.
    """
    return [
        note(y, name="y title", xref="paper", yref="paper", x=0, y=1,
             xanchor="left", yanchor="bottom", xshift=-left - PADDED, yshift=17),
        note(x, name="x title", xref="paper", yref="paper", x=1, y=0,
             xanchor="right" if inside else "left", yanchor="top", xshift=0 if inside else 22, yshift=-4),
    ]  # fmt: skip
