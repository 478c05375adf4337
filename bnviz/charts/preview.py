"""The picture that stands beside a link to a page elsewhere: what the last layers of a recorded run received, drawn as
PNG. The same rivers as ``densities``, without axes, for eyes that only pass by."""

from __future__ import annotations

import io
import textwrap

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from bnviz.charts.columns import BINS, Columns, shown_layers
from bnviz.charts.densities import POWER
from bnviz.charts.theme import ArmLook, arm_looks, colour, ramp
from bnviz.experiment import arm_label
from bnviz.snapshot import History

WIDTH, HEIGHT = 1200, 630
EDGE, GAP, NAMES = 56, 20, 132
"""Pixels around everything, between two rivers, and for the names of their rows."""
LAYERS, ROWS = 3, 2
TOP, BOTTOM = 208, 100
SIZES = ((50, 42, 2), (38, 60, 3))
"""Of the words: pixels, letters a line, and so many lines."""
COLOURS = 96
"""A preview is small to send."""
DRAWN = str.maketrans({"–": "-", "’": "'", "…": "..."})
"""What the font lacks, and what stands for it."""


def preview(history: History, words: str) -> bytes:
    """What a page is about, over the rivers of the last layers, one row for each of the first arms."""
    page = Image.new("RGB", (WIDTH, HEIGHT), colour("page"))
    draw = ImageDraw.Draw(page)
    size, lines = _set(words)
    draw.multiline_text((EDGE, EDGE - 8), "\n".join(lines), colour("text"), _font(size), spacing=size // 4)
    looks = list(arm_looks(history.experiment).items())[:ROWS]
    high = (HEIGHT - TOP - BOTTOM - GAP * (len(looks) - 1)) // len(looks)
    for row, (arm, look) in enumerate(looks):
        top = TOP + row * (high + GAP)
        _name(draw, (EDGE, top + high // 2), arm_label(arm), look)
        rivers = _rivers(history, arm)[-LAYERS:]
        wide = (WIDTH - 2 * EDGE - NAMES - GAP * (len(rivers) - 1)) // len(rivers)
        for column, shares in enumerate(rivers):
            page.paste(_painted(shares, look, (wide, high)), (EDGE + NAMES + column * (wide + GAP), top))
    seeds = len(history.experiment.seeds)
    told = f"bnviz · what the last layers receive, steps 0 to {history.latest.step:,}, {seeds} seeds, recorded"
    draw.text((EDGE, HEIGHT - EDGE), told, colour("quiet"), _font(24), anchor="ls")
    file = io.BytesIO()
    page.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _set(words: str) -> tuple[int, list[str]]:
    """The largest size in which the words (or else their beginning) have room, and their lines, about equally long."""
    *_, (_, line, rows) = SIZES
    words = textwrap.shorten(words.translate(DRAWN), line * rows - line // 2, placeholder=" ...")
    fits = ((size, letters) for size, letters, most in SIZES if len(textwrap.wrap(words, letters)) <= most)
    size, letters = next(fits, SIZES[-1][:2])
    lines = len(textwrap.wrap(words, letters))
    narrowest = next(fewer for fewer in range(1, letters + 1) if len(textwrap.wrap(words, fewer)) <= lines)
    return size, textwrap.wrap(words, narrowest)


def _name(draw: ImageDraw.ImageDraw, at: tuple[int, int], name: str, look: ArmLook) -> None:
    """An arm's name beside its row: a line a word, as large as there is room."""
    lines = name.replace(" ", "\n")
    fonts, room = [_font(size) for size in (40, 32, 24, 16)], NAMES - GAP // 2
    font = next((each for each in fonts if draw.multiline_textbbox((0, 0), lines, each)[2] < room), fonts[-1])
    draw.multiline_text(at, lines, colour(look.colour), font, anchor="lm")


def _rivers(history: History, arm: str) -> list[np.ndarray]:
    """Of each shown layer the shares of its inputs, largest values first, at steps of equal distance."""
    table = Columns(history.experiment).table(history)
    shares = table[f"{arm}.pre_histogram"].reshape(len(history), -1, BINS)
    steps = np.asarray(history.steps)
    even = np.searchsorted(steps, np.linspace(0, steps[-1], 256), side="right") - 1
    layers = len(shown_layers(history.experiment.arms[arm].depth))
    return [shares[even, layer, ::-1].T for layer in range(layers)]


def _painted(shares: np.ndarray, look: ArmLook, size: tuple[int, int]) -> Image.Image:
    """Strong colour is many inputs, each step in shares of its largest."""
    places, colours = zip(*ramp(look.role), strict=True)
    strength = np.nan_to_num(shares / np.maximum(shares.max(axis=0), 1e-9)) ** POWER
    channels = np.array([ImageColor.getrgb(each) for each in colours], dtype=float).T
    pixels = np.stack([np.interp(strength, places, channel) for channel in channels], axis=-1)
    return Image.fromarray(pixels.round().astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
