"""What is listed is cited, and what is cited is listed: under every lesson, and in the whole bibliography."""

import re
from dataclasses import fields, is_dataclass

import pytest

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Published
from bnviz.lessons.sources import SOURCES, Source

CITATION = re.compile(r"(?:van )?[A-Z][\w-]+(?: et al\.|(?:, [A-Z]\w+)* & [A-Z]\w+)? (?:19|20)\d\d")
THE_PAPER = re.compile(r"\b(?:2015|the) paper\b", re.IGNORECASE)
"""What the lessons call the one paper that all of this is about."""

lessons = pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.slug)


def words(part):
    """Every sentence of a lesson that a reader can read, whatever it stands in."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, tuple | list):
        return [each for one in part for each in words(one)]
    if hasattr(part, "items"):
        return words(list(part.values()))
    if is_dataclass(part) and not isinstance(part, Source):
        return [each for field in fields(part) for each in words(getattr(part, field.name))]
    return []


def cited(lesson):
    """The sources that the text of a lesson names, and those of its tables."""
    text = " ".join(words(lesson))
    named = {source for source in SOURCES.values() if source.short in text}
    named |= {SOURCES["ioffe"]} if THE_PAPER.search(text) else set()
    return named | {scene.source for scene in lesson.scenes if isinstance(scene, Published)}


@lessons
def test_a_lesson_lists_what_it_cites_and_nothing_else(lesson):
    assert {each.short for each in lesson.sources} == {each.short for each in cited(lesson)}
    assert len(set(lesson.sources)) == len(lesson.sources)


@lessons
def test_a_lesson_cites_nothing_that_the_bibliography_has_not(lesson):
    found = {each for each in CITATION.findall(" ".join(words(lesson))) if not each.startswith("The ")}
    assert found <= {source.short for source in SOURCES.values()}


def test_every_source_of_the_bibliography_is_cited_by_a_lesson():
    assert set(SOURCES.values()) == set().union(*map(cited, LESSONS.values()))
