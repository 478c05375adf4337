"""Colour is role: the same arm looks the same everywhere, in both looks."""

import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bnviz import Experiment, Run
from bnviz.charts.shades import SHADES
from bnviz.charts.theme import (
    ARM_COLOURS,
    LOOKS,
    MARGIN,
    ON_BLACK,
    OWN_LOOKS,
    SURFACES,
    arm_looks,
    axis_titles,
    class_scale,
    colour,
    css_variables,
    painted,
    projected,
    ramp,
    washed_out_contrast,
)  # fmt: skip
from bnviz.experiment import MOST_ARMS
from bnviz.lessons.catalog import LESSONS
from bnviz.run import FIELDS
from tests.charts.eyes import EYES, ciede2000, distance
from tests.charts.made_up import many_arms, twins

OWN_ROLES = [look.role for look in OWN_LOOKS.values()]
ROOT = Path(__file__).parents[2]


def luminance(hexadecimal):
    parts = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def hue(role):
    return role.partition("-")[0]


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
def test_eight_arms_of_one_normalization_keep_its_hue_in_four_tones_and_have_a_dash_each(kind):
    looks = arm_looks(Experiment(arms={letter: Run(normalization=kind) for letter in "abcdefgh"})).values()
    assert {hue(look.role) for look in looks} == {hue(OWN_LOOKS[kind].role)}
    assert set(Counter(look.role for look in looks).values()) == {2}
    assert len({look.dash for look in looks}) == MOST_ARMS == 8


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_no_two_arms_of_a_trial_share_a_colour_while_a_tone_of_their_hue_is_free(lesson):
    for trial in lesson.trials:
        roles = [look.role for look in arm_looks(trial.experiment).values()]
        hues = Counter(map(hue, roles))
        assert all(len({role for role in roles if hue(role) == each}) == min(count, 4) for each, count in hues.items())


@pytest.mark.parametrize("count", range(1, 9))
def test_no_two_arms_share_a_dash(count):
    looks = arm_looks(many_arms(count))
    assert len({look.dash for look in looks.values()}) == count


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_two_colours_of_arms_can_be_told_apart(eyes, look):
    for one, other in itertools.combinations(ARM_COLOURS, 2):
        hues = {hue(one), hue(other)}
        least = 8 if len(hues) == 1 else 24 if hues == {"plain", "bn"} else 5
        assert distance(colour(f"arm:{one}", look), colour(f"arm:{other}", look), eyes) >= least, (one, other)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_plain_and_bn_are_far_apart_for_every_eye(eyes, look):
    assert distance(colour("arm:plain", look), colour("arm:bn", look), eyes) >= 42


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 0, 0), (50, -1, 2), 2.3669), ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)  # fmt: skip
def test_the_distance_is_that_of_the_tables_of_sharma_wu_and_dalal(one, other, apart):
    assert ciede2000(one, other) == pytest.approx(apart, abs=5e-5)


def test_plain_is_solid_and_bn_is_dashed():
    looks = arm_looks(twins())
    assert (looks["plain"].dash, looks["bn"].dash) == ("solid", "7px,3px")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("role", [*ARM_COLOURS, "text", "quiet"])
def test_every_word_can_be_read_on_page_and_card(role, look):
    word = f"arm:{role}" if role in ARM_COLOURS else role
    for surface in ("page", "card"):
        assert contrast(colour(word, look), colour(surface, look)) >= 4.5


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("role", ["plain", "bn", "third", "fourth"])
def test_the_strong_end_of_a_density_stands_out_from_its_weak_end(role, look):
    (_, weak), _, (_, strong) = ramp(role, look)
    assert contrast(weak, strong) >= 3


@pytest.mark.parametrize("shade", SHADES.values(), ids=SHADES)
def test_the_ends_of_a_map_s_scale_stand_out_from_each_other_and_its_mark_from_every_colour(shade):
    assert contrast(shade.stops[0], shade.stops[-1]) >= 3
    assert all(max(contrast(edge, stop) for edge in ("#FFFFFF", "#000000")) >= 3 for stop in shade.stops)


@pytest.mark.parametrize("side", [0, 1], ids=LOOKS)
def test_outlines_of_controls_and_of_what_is_in_focus_stand_out_from_every_surface(side):
    style = (ROOT / "bnviz/ui/frame.css").read_text()
    outline = re.search(r"known by its outline.*?border-color: light-dark\((#\w+), (#\w+)\)", style, re.DOTALL)
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][LOOKS[side]]
    for shown in (theme, theme["sidebar"]):
        for shape in (outline.group(1 + side), theme["primaryColor"]):
            assert contrast(shape, shown["backgroundColor"]) >= 3
    for surface in ("page", "card", "sunk"):
        assert contrast(colour("arm:bn", LOOKS[side]), colour(surface, LOOKS[side])) >= 3


def test_a_band_is_the_arm_s_colour_at_18_percent():
    assert colour("band:bn") == "rgba(11,107,181,0.18)"


def test_titles_of_axes_begin_where_the_chart_does_and_behind_half_of_the_last_number():
    up, across = axis_titles("step", "loss, nats")
    assert up["xshift"] == -MARGIN["l"] - 2  # plotly keeps two pixels around words
    assert across["xshift"] > 5 * 12 * 0.64 / 2  # five characters of 12 pixels, such as 1,000


def test_painting_replaces_colour_words_and_nothing_else():
    figure = {"line": {"color": "arm:bn"}, "name": "plain", "meta": {"role": "text"}, "y": [1]}
    assert painted(figure) == {"line": {"color": "#0B6BB5"}, "name": "plain", "meta": {"role": "text"}, "y": [1]}


def test_the_stylesheet_has_every_role_in_both_looks():
    light, dark, *_ = css_variables().split('[data-look="dark"]')
    for role, (bright, dim) in {**ARM_COLOURS, **SURFACES}.items():
        assert f"--bnviz-{role}: {bright};" in light and f"--bnviz-{role}: {dim};" in dark


def test_who_asks_for_more_contrast_reads_quiet_words_in_the_colour_of_the_others():
    sharper = css_variables().split("@media (prefers-contrast: more)")
    assert [part.partition("--bnviz-quiet: ")[2][:7] for part in sharper[1:]] == list(SURFACES["text"])


def test_a_lit_room_leaves_of_white_on_black_the_seven_to_one_of_the_standard():
    black = washed_out_contrast("#000000", "#FFFFFF")
    assert black == pytest.approx((1 + 0.05) / (1 / 7 + 0.05)) and washed_out_contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("role", ARM_COLOURS)
def test_a_lit_room_washes_no_arm_s_colour_out_and_moves_it_no_farther_than_that_takes(role, look):
    own, on_stage = colour(f"arm:{role}", look), projected(role, look)
    contrast = washed_out_contrast(on_stage, {"light": "#FFFFFF", "dark": "#000000"}[look])
    assert contrast >= 3 and (on_stage == own or contrast < 3.1 or role in ON_BLACK)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_two_arms_on_a_stage_can_be_told_apart(eyes, look):
    on_stage = {role: projected(role, look) for role in OWN_ROLES}
    for one, other in itertools.combinations(on_stage, 2):
        assert distance(on_stage[one], on_stage[other], eyes) >= (24 if {one, other} == {"plain", "bn"} else 5)


def test_the_stylesheet_gives_a_stage_its_own_colours_in_both_looks():
    light, dark = re.findall(r'\[data-mode="present"\](.*?)\}', css_variables())
    assert f"--bnviz-bn: {projected('bn', 'dark')};" in dark and "--bnviz-page: #000000;" in dark
    assert f"--bnviz-bn: {projected('bn', 'light')};" in light and "--bnviz-page: #FFFFFF;" in light
    assert dark.startswith('[data-look="dark"]') and "--bnviz-quiet: #FFFFFF;" in dark


def test_a_map_s_colours_grow_from_guess_to_sure():
    shares, colours = zip(*class_scale(), strict=True)
    assert shares[0] == 0 and shares[-1] == 1 and list(shares) == sorted(shares)
    assert luminance(colours[0]) > luminance(colours[1])
