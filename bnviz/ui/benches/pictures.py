"""Feature maps of a convolution: statistics of a whole channel, against those of every place by itself."""

from __future__ import annotations

import numpy as np
import streamlit as st

from bnviz.lessons.arithmetic.mini_batch import transform
from bnviz.ui.benches.pieces import table, text

KEY = "bench.pictures"
CHANNELS = 3


@st.fragment
def show() -> None:
    """Sliders for the number and size of the maps; what is shared, what is learned, and what a shift does."""
    examples, height, width = (
        column.slider(name, low, high, value, key=f"{KEY}.{name}")
        for column, (name, low, high, value) in zip(
            st.columns(3, gap="large"),
            (("Examples m", 2, 32, 8), ("Height p", 2, 12, 5), ("Width q", 2, 12, 6)), strict=True,
        )
    )  # fmt: skip
    maps = np.random.default_rng(0).normal(size=(examples, CHANNELS, height, width))
    shifted = maps.copy()
    shifted[0] = np.roll(maps[0], 1, axis=2)
    by_channel, by_place = (
        float(np.abs(np.roll(normalize(maps)[0], 1, axis=2) - normalize(shifted)[0]).max())
        for normalize in (per_channel, per_place)
    )
    table({
        "quantity": ["numbers behind each mean", "gammas and betas",
                     "shift one picture, then normalize, or the other way: largest difference"],
        "each channel": [text(examples * height * width), text(2 * CHANNELS), text(by_channel)],
        "each place of each channel": [text(examples), text(2 * CHANNELS * height * width), text(by_place)],
    })  # fmt: skip
    st.caption(f"{CHANNELS} channels of random maps. The first picture is shifted by one place, round the edge.")


def per_channel(maps: np.ndarray) -> np.ndarray:
    """One mean and one variance for each channel, over examples and places; ``(examples, channels, p, q)``."""
    rows = maps.transpose(0, 2, 3, 1).reshape(-1, maps.shape[1])
    examples, channels, *places = maps.shape
    return transform(rows).normalized.reshape(examples, *places, channels).transpose(0, 3, 1, 2)


def per_place(maps: np.ndarray) -> np.ndarray:
    """A mean and a variance for every place of every channel, over the examples alone."""
    return transform(maps.reshape(len(maps), -1)).normalized.reshape(maps.shape)
