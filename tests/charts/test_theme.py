"""Colour is role: the same arm looks the same everywhere, in both looks."""

import itertools

import pytest

from bnviz import Experiment, Run
from bnviz.charts.theme import ARM_COLOURS, OWN_LOOKS, SURFACES, arm_looks, class_scale, colour, css_variables, painted
from bnviz.run import FIELDS
from tests.charts.eyes import EYES, distance
from tests.charts.made_up import many_arms, twins


def luminance(hexadecimal):
    parts = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_plain_arm_is_plain_and_the_batch_normalized_one_is_bn_whatever_their_names():
    arms = {"x": Run(normalization="batch"), "y": Run(), "z": Run(normalization="layer")}
    looks = arm_looks(Experiment(arms=arms))
    assert [looks[name].role for name in arms] == ["bn", "plain", "fourth"]


@pytest.mark.parametrize("kind", OWN_LOOKS)
def test_an_arm_looks_alone_as_it_looks_beside_all_others(kind):
    everybody = arm_looks(Experiment(arms={name: Run(normalization=name) for name in reversed(OWN_LOOKS)}))
    assert arm_looks(Experiment(arms={"alone": Run(normalization=kind)}))["alone"] == everybody[kind]


def test_every_normalization_has_a_look_of_its_own():
    assert set(OWN_LOOKS) == set(FIELDS["normalization"].choices)
    assert len({look.dash for look in OWN_LOOKS.values()}) == len(OWN_LOOKS)


@pytest.mark.parametrize("kind", OWN_LOOKS)
def test_eight_arms_of_one_normalization_keep_its_hue_in_two_tones_and_have_a_dash_each(kind):
    looks = arm_looks(Experiment(arms={letter: Run(normalization=kind) for letter in "abcdefgh"})).values()
    assert {look.role.removesuffix("-deep") for look in looks} == {OWN_LOOKS[kind].role.removesuffix("-deep")}
    assert len({look.role for look in looks}) == 2 and len({look.dash for look in looks}) == 8


@pytest.mark.parametrize("count", range(1, 9))
def test_no_two_arms_share_a_dash(count):
    looks = arm_looks(many_arms(count))
    assert len({look.dash for look in looks.values()}) == count


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_two_colours_of_arms_can_be_told_apart(eyes, look):
    for one, other in itertools.combinations(ARM_COLOURS, 2):
        hues = {role.removesuffix("-deep") for role in (one, other)}
        least = 50 if hues == {"plain", "bn"} else 15 if len(hues) == 1 else 8
        assert distance(colour(f"arm:{one}", look), colour(f"arm:{other}", look), eyes) >= least, (one, other)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_plain_and_bn_are_far_apart_for_every_eye(eyes, look):
    assert distance(colour("arm:plain", look), colour("arm:bn", look), eyes) >= 84


def test_plain_is_solid_and_bn_is_dashed():
    looks = arm_looks(twins())
    assert (looks["plain"].dash, looks["bn"].dash) == ("solid", "7px,3px")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("role", [*ARM_COLOURS, "text", "quiet"])
def test_every_word_can_be_read_on_page_and_card(role, look):
    word = f"arm:{role}" if role in ARM_COLOURS else role
    least = 4.1 if role == "third" else 4.5
    for surface in ("page", "card"):
        assert contrast(colour(word, look), colour(surface, look)) >= least


def test_a_band_is_the_arm_s_colour_at_18_percent():
    assert colour("band:bn") == "rgba(11,107,181,0.18)"


def test_painting_replaces_colour_words_and_nothing_else():
    figure = {"line": {"color": "arm:bn"}, "name": "plain", "meta": {"role": "text"}, "y": [1]}
    assert painted(figure) == {"line": {"color": "#0B6BB5"}, "name": "plain", "meta": {"role": "text"}, "y": [1]}


def test_the_stylesheet_has_every_role_in_both_looks():
    light, dark = css_variables().split('[data-look="dark"]')
    for role, (bright, dim) in {**ARM_COLOURS, **SURFACES}.items():
        assert f"--bnviz-{role}: {bright};" in light and f"--bnviz-{role}: {dim};" in dark


def test_a_map_s_colours_grow_from_guess_to_sure():
    shares, colours = zip(*class_scale(), strict=True)
    assert shares[0] == 0 and shares[-1] == 1 and list(shares) == sorted(shares)
    assert luminance(colours[0]) > luminance(colours[1])
