"""How far apart two colours are (CIE76), for usual eyes and for three kinds of colour blindness.

The matrices are those of Machado, Oliveira & Fernandes 2009 for full severity, on linear RGB; the rest is the
definition of CIELAB, white D65.
"""

import numpy as np

EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(1)


def distance(one, other, eyes):
    """The distance of two hexadecimal colours as these eyes see them: 2 or so can just be told apart side by side."""
    return float(np.linalg.norm(_lab(one, eyes) - _lab(other, eyes)))


def _lab(hexadecimal, eyes):
    shares = np.array([*bytes.fromhex(hexadecimal[1:])]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    x, y, z = _bent(XYZ @ np.clip(EYES[eyes] @ linear, 0, 1) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _bent(shares):
    return np.where(shares > (6 / 29) ** 3, np.cbrt(shares), shares / (3 * (6 / 29) ** 2) + 4 / 29)
