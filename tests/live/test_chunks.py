"""What Streamlit fetches when an element comes is asked for in the head of the page."""

import re

import pytest

from bnviz.live.page.chunks import ELEMENTS, PAGE, SCRIPTS, chunks
from bnviz.live.page.early import early_tags


def named_by_streamlit():
    return set(re.findall(r"static/js/([\w.-]+\.js)", PAGE.read_text()))


@pytest.mark.parametrize("element", ELEMENTS)
def test_the_installed_streamlit_has_a_chunk_for_every_element(element):
    assert [name for name in chunks() if name.startswith(f"{element}.")]


def test_what_a_chunk_imports_is_there_too_and_nothing_twice():
    ours, theirs = chunks(), named_by_streamlit()
    for name in ours:
        text = (SCRIPTS / name).read_text()
        needed = {part.strip('"').removeprefix("./") for part in re.findall(r'(?<=from)"\./[^"]+"', text)}
        assert needed <= {*ours, *theirs}
    assert len(set(ours)) == len(ours) and not theirs & set(ours)


def test_the_head_names_them_as_streamlit_does():
    head = early_tags().decode()
    assert all(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' in head for name in chunks())
