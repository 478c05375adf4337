"""The reader of our Dockerfile: reads what is there, refuses what it does not know, and sees only what a build sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.dockerfile import NotUnderstood, context, expanded, ignored_of, steps

ROOT = Path(__file__).parents[2]
FILES = ("Dockerfile", "deploy/ray.Dockerfile")
IGNORED = ignored_of((ROOT / ".dockerignore").read_text())


def test_a_step_is_a_word_options_and_the_rest() -> None:
    (step,) = steps("# a remark\nCOPY --from=first \\\n  /a /b\n\n")
    assert (step.word, dict(step.options), step.words) == ("COPY", {"from": "first"}, ["/a", "/b"])


@pytest.mark.parametrize("line", ["VOLUME /x", "RUN --mount=type=cache true", "ADD https://a.org/b /c", "run x"])
def test_what_it_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(NotUnderstood, match="is not understood; what is: FROM"):
        list(steps(line))


def test_variables_are_put_in_as_docker_does() -> None:
    assert expanded("$A ${B}/c $MISSING", {"A": "1", "B": "2"}) == "1 2/c "


@pytest.mark.parametrize("file", FILES)
def test_our_dockerfiles_are_understood_and_end_as_nobody_in_particular(file: str) -> None:
    found = list(steps((ROOT / file).read_text()))
    assert [step.rest for step in found if step.word == "USER"][-1] == "1000:1000"
    assert all(step.is_exec_form for step in found if step.word == "CMD")


@pytest.mark.parametrize("file", FILES)
def test_everything_that_is_copied_is_seen_by_a_build(file: str) -> None:
    for step in steps((ROOT / file).read_text()):
        if step.word == "COPY" and not step.options:
            assert list(context(ROOT, IGNORED, step.words[0])), step.rest


def test_tests_history_secrets_and_compiled_files_are_not_seen(tmp_path: Path) -> None:
    for name in ("tests/a.py", ".git/config", ".streamlit/secrets.toml", "bnviz/__pycache__/a.pyc", "bnviz/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(context(tmp_path, IGNORED, ".")) == ["bnviz/a.py"]


def test_the_base_images_are_pinned_to_a_release() -> None:
    found = [step.rest for step in steps((ROOT / "Dockerfile").read_text()) if step.word == "FROM"]
    assert {image.partition(" AS ")[0] for image in found} == {"python:3.11.14-slim-bookworm"}
