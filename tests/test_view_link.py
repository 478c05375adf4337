"""How a link wants its experiment to be shown, read back as it was written, and what it cannot mean named."""

from hypothesis import given
from hypothesis import strategies as st

from bnviz import view_link
from bnviz.playlist import MOST_ITEMS, Item, from_text, to_text
from bnviz.view_link import View

NAMES = ("loss", "accuracy", "learning_rate", "depth")
CHARTS = ("loss", "accuracy")
ITEM = Item({"arms": "plain,bn", "depth": "8"}, "Which learns first?")


def read(**query):
    return view_link.from_query(query, NAMES)


def test_what_a_view_says_it_reads_back():
    view = View(True, ("loss", "depth"), ("accuracy",), (ITEM, Item({"depth": "20"}, "And now?")), 2)
    assert view_link.from_query(view.to_query(), NAMES) == (view, {}, [])


def test_a_link_that_says_nothing_of_it_shows_everything_and_keeps_the_rest():
    view, rest, wrong = read(depth="8", arms="plain")
    assert (view, rest, wrong) == (View(), {"depth": "8", "arms": "plain"}, [])
    assert view.seen(CHARTS) == [*CHARTS] and view.to_query() == {}


def test_what_is_named_to_be_shown_is_there_alone_of_its_kind_in_its_order():
    view, _, _ = read(show="accuracy,loss")
    assert view.seen(CHARTS) == ["accuracy", "loss"] and view.seen(["depth"]) == ["depth"]


def test_what_is_hidden_is_not_there_even_where_it_is_named():
    view, _, _ = read(show="loss", hide="loss,depth")
    assert view.named(CHARTS) == [] and view.seen(CHARTS) == ["accuracy"] and view.seen(["depth"]) == []


def test_an_unknown_name_is_named_and_ignored_and_a_near_one_is_proposed():
    view, _, wrong = read(show="losss,depth")
    assert view.show == ("depth",)
    assert wrong == ["show named 'losss', which is no chart and no control; loss is meant, perhaps."]


def test_an_unknown_view_and_a_place_outside_the_playlist_are_named():
    _, _, wrong = read(view="<b>", at="7", playlist="depth=8")
    assert wrong[0] == "view was '?b?'; allowed is present."
    assert wrong[1] == "at was '7'; allowed is a place in the playlist, counted from 1."


def test_a_playlist_is_a_line_an_experiment_with_its_sentence_whole_links_too():
    items, wrong = from_text("\n https://a.org/lab?arms=plain,bn&depth=8  Which learns first?\ndepth=20\n")
    assert items == (ITEM, Item({"depth": "20"})) and not wrong


def test_a_line_without_an_experiment_is_named_and_so_is_a_tenth():
    items, wrong = from_text("\n".join(["Look here"] + ["depth=8"] * MOST_ITEMS + ["depth=9"]))
    assert len(items) == MOST_ITEMS - 1
    assert wrong[0] == "line 1 of the playlist began with 'Look', which is no link to an experiment."
    assert wrong[1].startswith(f"the playlist had {MOST_ITEMS + 2} lines; the first {MOST_ITEMS} are kept")


def test_a_playlist_s_text_reads_back():
    assert from_text(to_text([ITEM, ITEM])) == ((ITEM, ITEM), [])


@given(st.dictionaries(st.sampled_from(view_link.WORDS), st.text(max_size=60)))
def test_no_link_is_too_strange_to_be_read(query):
    view, _, _ = view_link.from_query(query, NAMES)
    assert view_link.from_query(view.to_query(), NAMES)[0] == view
