"""How far apart two colours are (CIEDE2000), for usual eyes, for three kinds of colour blindness, and at a projector.

The matrices are those of Machado, Oliveira & Fernandes 2009 for full severity, on linear RGB; CIELAB is by its
definition, white D65; the distance is that of Sharma, Wu & Dalal 2005. A projector's black is the wall's: the lamps of
the room add a twentieth of white to every colour.
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
    "projector": np.eye(3),
}
LAMPS = {"projector": 0.05}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(1)


def distance(one, other, eyes):
    """The distance of two hexadecimal colours as these eyes see them: 1 can just be told apart side by side."""
    return ciede2000(_lab(one, eyes), _lab(other, eyes))


def ciede2000(one, other):
    """The distance of two colours in CIELAB, each (lightness, red against green, yellow against blue)."""
    (light, *flat), (other_light, *other_flat) = one, other
    grey = 0.5 * (1 - _share_of_25(np.mean([np.hypot(*flat), np.hypot(*other_flat)])))
    chromas, hues = zip(*(_polar((1 + grey) * a, b) for a, b in (flat, other_flat)), strict=True)
    turn = (hues[1] - hues[0] + 180) % 360 - 180
    mean_light, chroma = (light + other_light) / 2, np.mean(chromas)
    hue = sum(hues) if 0 in chromas else hues[0] + turn / 2
    around = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    far = (mean_light - 50) ** 2
    parts = np.array([
        (other_light - light) / (1 + 0.015 * far / np.sqrt(20 + far)),
        (chromas[1] - chromas[0]) / (1 + 0.045 * chroma),
        2 * np.sqrt(np.prod(chromas)) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * around),
    ])  # fmt: skip
    blue = 60 * np.exp(-((((hue % 360) - 275) / 25) ** 2))
    twist = -2 * _share_of_25(chroma) * np.sin(np.radians(blue))
    return float(np.sqrt(parts @ parts + twist * parts[1] * parts[2]))


def _share_of_25(chroma):
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _polar(a, b):
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _cos(degrees):
    return np.cos(np.radians(degrees))


def _lab(hexadecimal, eyes):
    shares = np.array([*bytes.fromhex(hexadecimal[1:])]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    lamps = LAMPS.get(eyes, 0)
    seen = (np.clip(EYES[eyes] @ linear, 0, 1) + lamps) / (1 + lamps)
    x, y, z = _bent(XYZ @ seen / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _bent(shares):
    return np.where(shares > (6 / 29) ** 3, np.cbrt(shares), shares / (3 * (6 / 29) ** 2) + 4 / 29)
