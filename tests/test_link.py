"""A link is an experiment: what is written is read back, and a wrong link is one sentence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.broken_link import keep
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice, quoted
from bnviz.link import from_query, to_query
from bnviz.run import FIELDS, Run

TWINS = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}, seeds=range(5))


def field_values(field):
    if field.choices:
        return st.sampled_from(field.choices)
    if field.low is None:
        return st.booleans()
    numbers = st.integers if field.whole else st.floats
    return numbers(field.low, field.high) | st.none() if field.optional else numbers(field.low, field.high)


def can_train(choices):
    try:
        return bool(Run(**choices))
    except InvalidChoice:
        return False


runs = st.fixed_dictionaries(
    {name: field_values(field) for name, field in FIELDS.items()}
    | {"network": st.just("mlp"), "ghost_size": st.none(), "groups": st.just(1)}
).filter(can_train)


def test_the_default_twins_have_a_short_link():
    assert to_query(TWINS) == {"arms": "plain,bn", "seeds": "0-4", "bn.normalization": "batch"}


def test_what_all_arms_share_is_written_once():
    assert to_query(TWINS.replace(depth=8))["depth"] == "8"


@given(runs, runs, st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=5, unique=True))
def test_reading_a_written_link_gives_the_experiment_back(one, two, seeds):
    experiment = Experiment(arms={"a": Run(**one), "b": Run(**two)}, seeds=seeds)
    back = from_query(to_query(experiment))
    assert back == experiment and back.key == experiment.key


@pytest.mark.parametrize(
    ("rate", "text"),
    [(1 / 3, "0.3333333333333333"), (0.1, "0.1"), (100.0, "100"), (1e-5, "1e-05"), (0.1 + 0.2, f"{0.1 + 0.2}")],
)
def test_a_number_goes_through_a_link_to_the_same_bits_and_as_short_as_can_be(rate, text):
    experiment = TWINS.replace(learning_rate=rate)
    assert to_query(experiment)["learning_rate"] == text
    assert from_query(to_query(experiment)).key == experiment.key


def test_what_an_arm_has_alone_wins_over_what_all_share():
    read = from_query({"arms": "a,b", "depth": "5", "a.depth": "7"})
    assert [run.depth for run in read.arms.values()] == [7, 5]


def test_a_link_may_name_eight_arms():
    assert list(from_query({"arms": "a,b,c,d,e,f,g,h"}).arms) == list("abcdefgh")


def test_instruments_are_in_the_link():
    watched = TWINS.replace(instruments=("landscape", "modes"))
    assert to_query(watched)["instruments"] == "landscape,modes" and from_query(to_query(watched)) == watched


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([(150, 1.0)], "150:1"), ([(9, 0.1, "bn"), (9, 3.0)], "9:bn:0.1,9:3"), ([(7, 1e-5, "plain")], "7:plain:1e-05"),
        ([(7, 1 / 3)], "7:0.3333333333333333"),
    ],
)  # fmt: skip
def test_changes_are_in_the_link_with_their_steps(changes, text):
    turned = TWINS.replace(changes=changes)
    assert to_query(turned)["changes"] == text and from_query(to_query(turned)) == turned


@pytest.mark.parametrize(("text", "count"), [("5-36", 32), ("7-7", 1), ("3,9", 2)])
def test_a_span_of_seeds_holds_both_its_ends(text, count):
    seeds = from_query({"seeds": text}).seeds
    assert len(seeds) == count and {f"{seeds[0]}", f"{seeds[-1]}"} == set(text.replace("-", ",").split(","))


def test_a_span_of_more_than_32_seeds_is_refused_before_it_is_made():
    with pytest.raises(InvalidChoice, match=r"allowed is a span like 0-4 \(at most 32\)"):
        from_query({"seeds": "5-37"})


def test_seeds_that_lie_far_apart_are_a_short_list():
    assert to_query(TWINS.replace(seeds=(0, 2**31 - 1)))["seeds"] == "0,2147483647"


def test_an_empty_link_is_one_plain_run():
    assert from_query({}) == Experiment(arms={"plain": Run()}, seeds=range(5))


@pytest.mark.parametrize(
    "query",
    [
        {"depth": "many"}, {"depth": "1000"}, {"arms": ""},
        {"arms": "a,b,c,d,e,f,g,h,i"}, {"seeds": "0-100000000"}, {"seeds": "a"}, {"seeds": "5-1"},
        {"arms": "<script>"}, {"affine": "perhaps"}, {"learning_rate": "nan"}, {"depth": "9" * 5000},
        {"changes": "150"}, {"changes": "150:1e400"}, {"changes": "9:bn:1"}, {"changes": "9:1," * 201},
        {"changes": "9" * 5000},
    ],
)
def test_a_wrong_link_is_one_short_sentence(query):
    with pytest.raises(InvalidChoice) as error:
        from_query(query)
    assert len(str(error.value)) < 400 and "\n" not in str(error.value)


STRANGERS = [{"utm_source": "newsletter"}, {"colour": "red"}, {"bn.depth": "3"}, {"fbclid": "a", "gclid": "b"}]


@pytest.mark.parametrize("strangers", STRANGERS, ids=str)
def test_what_means_nothing_in_a_link_is_left_aside_and_named(strangers):
    query = {"arms": "plain", "depth": "5"}
    assert from_query(query | strangers) == from_query(query)
    kept, (sentence,) = keep(query | strangers, TWINS)
    assert kept == from_query(query) and all(quoted(name) in sentence for name in strangers)


def test_of_many_strangers_three_are_named_and_the_others_counted():
    assert keep(dict.fromkeys("abcde", ""), TWINS) == (TWINS, ["'a', 'b', 'c' and 2 more mean nothing here."])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"depth": "1000"}, "depth was '1000'; allowed is 1 to 50"), ({"seeds": "x"}, "seeds was 'x'"),
        ({"bn.activation": "softmax"}, "activation was 'softmax'"), ({"instruments": "xray"}, "instruments"),
        ({"arms": "plain,bn,<b>"}, "an arm was named"), ({"ghost_size": "7"}, "ghost_size was 7; allowed is a divisor"),
        ({"bn.eps": "nan"}, "eps was 'nan'"), ({"seeds": "3,3"}, "seeds were (3, 3)"),
        ({"changes": "150"}, "changes was '150'"), ({"changes": "0:1"}, "the step of a change was 0"),
        ({"changes": "9:ln:1"}, "a change was of the arm 'ln'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_and_the_rest_of_the_link_is_kept(wrong, named):
    right = {"arms": "plain,bn", "bn.normalization": "batch", "learning_rate": "0.25", "width": "32"}
    kept, sentences = keep(right | wrong, TWINS)
    assert kept == from_query(right) and len(sentences) == 1 and sentences[0].startswith(named)


def test_of_choices_that_cannot_train_together_the_last_one_goes():
    kept, wrong = keep({"width": "6", "normalization": "group"}, TWINS)
    assert kept.arms["plain"] == Run(width=6) and wrong[0].startswith("groups was 4; allowed is a divisor")


def test_of_a_link_with_nine_arms_eight_are_kept():
    kept, (sentence,) = keep({"arms": "a,b,c,d,e,f,g,h,i"}, TWINS)
    assert list(kept.arms) == list("abcdefgh") and sentence == "there were 9 arms; allowed are 1 to 8."


NAMES = ["arms", "seeds", "instruments", "x", *FIELDS, "a.depth"]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=12)))
def test_whatever_a_link_holds_an_experiment_is_kept_of_it(query):
    kept, wrong = keep(query, TWINS)
    assert isinstance(kept, Experiment) and all(map(str.isprintable, wrong))


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![](http://evil.example/x.png)",
    "[click](javascript:alert(1))", "www.evil.example", "http://evil.example", "mail@evil.example", "`code`", "$x^2$",
    ":red[text]", "**bold**", "../../etc/passwd", "%2e%2e%2f", "\x00\x1b[31m\r\nSet-Cookie: a=b", "\u202eright to left",
    "9" * 100_000, "a" * 100_000, ",".join(f"a{arm}" for arm in range(9_999)),
    "1" + ",1" * 50_000, "\ud800", "-1e999", "{'a': [[[[]]]]}",
    "0-9999999999", "__proto__", "_a_", "~~struck~~", ":material/home:", ":rainbow[x]", ":shortcode:", "a -- b",
    "# head", "<br>", "$$x$$", "&lt;b&gt;", "[text][1]", "[^1]", "a\n\n- b", "| a | b |\n|---|---|", "==x==",
    "a __b__ c", "(_x_)",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["arms", "seeds", "depth", "dataset", "learning_rate", "instruments", None])
def test_what_is_wrong_with_a_hostile_link_is_short_and_without_markup(name, text):
    kept, wrong = keep({name or text: text}, TWINS)
    sentence = " ".join(wrong)
    assert isinstance(kept, Experiment) and 0 < len(sentence) < 700 and sentence.isprintable()
    assert not set(sentence) & set("<>`$*!\\@~|#^&") and "](" not in sentence and "www." not in sentence
    assert not re.search(r"(?<![a-z0-9])_+[a-z]|--", sentence)


@pytest.mark.parametrize(("given_", "shown"), [("bn1.org", "'bn1?org'"), ("bn.1", "'bn?1'"), ("0.25", "'0.25'")])
def test_a_point_stays_between_digits_alone_since_elsewhere_it_makes_a_link(given_, shown):
    assert quoted(given_) == shown


@pytest.mark.parametrize(
    ("given_", "shown"),
    [("__proto__", "'??proto??'"), ("layer_norm", "'layer_norm'"), ("_a_", "'?a?'"), ("a_ _b", "'a? ?b'"),
     ("a___b", "'a???b'"), ("a--b", "'a?b'"), ("-1", "'-1'"), ("a-b", "'a-b'")],
)  # fmt: skip
def test_a_stroke_stays_inside_a_word_alone_since_elsewhere_it_makes_emphasis(given_, shown):
    assert quoted(given_) == shown


@given(st.text(max_size=200) | st.text(alphabet="_-[]()a1 .", max_size=60))
def test_what_was_given_is_quoted_without_markup(text):
    shown = quoted(text)
    assert len(shown) <= 60 and shown.isprintable() and not set(shown) & set("<>`$*!\\@~|#:/&^")
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])|--|\]\(", shown)
