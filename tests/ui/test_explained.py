"""Words of the field are explained where they stand first, and only there."""

import re

import pytest

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.terms import TERMS, terms_in
from bnviz.ui.explained import marked


def explained(words, seen=None):
    return re.findall(r"<abbr [^>]*>([^<]*)</abbr>", marked(words, set() if seen is None else seen))


def test_a_word_is_explained_where_it_stands_first_on_a_page():
    seen = set()
    assert explained("A gradient over a mini-batch, and a gradient again.", seen) == ["gradient", "mini-batch"]
    assert explained("Mini-batches and their seeds.", seen) == ["seeds"]


def test_the_longest_word_counts():
    assert explained("Layer norm and gradient shifts.") == ["Layer norm", "gradient shifts"]


ALONE = ["`gradient`", "$gradient$", "[gradient](/x)", "```\ngradient\n```", "gradients-of", "upgradient"]


@pytest.mark.parametrize("words", ALONE)
def test_code_formulas_links_and_parts_of_words_are_left_alone(words):
    assert marked(words, set()) == words


def test_a_meaning_is_text_and_no_markup():
    assert 'data-meaning="1 / (1 + exp(-x)): between 0 and 1, flat far from 0."' in marked("sigmoid", set())


def test_terms_are_found_in_the_order_in_which_they_stand():
    assert [(term, "a seed and a loss"[first:last]) for term, first, last in terms_in("a seed and a loss")] == [
        ("seed", "seed"), ("loss", "loss"),
    ]  # fmt: skip


def test_every_term_is_explained_in_a_sentence_and_stands_in_the_order_of_the_alphabet():
    assert all(meaning.endswith(".") and len(meaning) > 20 for meaning in TERMS.values())
    assert list(TERMS) == sorted(TERMS, key=str.lower)


VOCABULARY = """
activation function|Adam|autograd|beta|bias|condition number|convolution|correlation|covariance|dead|deviation|dropout|
epoch|epsilon|eval mode|feature map|gamma|ghost batch|gradient|group norm|Jacobian|kurtosis|landscape|layer norm|
learning rate|Lipschitz|logit|loss|mini-batch|momentum|nats|nonlinearity|population statistics|pre-activation|probe|
recurrent|regulariz|ReLU|residual|running statistics|saturat|seed|sigmoid|singular value|skew|tanh|twins|variance|
weight decay|whiten
""".replace("\n", "")


@pytest.mark.parametrize("word", VOCABULARY.split("|"))
def test_the_glossary_has_every_word_of_the_field_that_a_lesson_uses(word):
    told = " ".join(str(lesson) for lesson in LESSONS.values())
    if re.search(word, told, re.IGNORECASE):
        assert any(term.lower().startswith(word.lower()) for term in TERMS)
