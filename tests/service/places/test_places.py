"""Which place the host's settings choose."""

from __future__ import annotations

import os

import pytest

from bnviz.service.places import Lasting, Nursery, place_for, place_word

SCRIPTED = "bnviz.service.scripted:Scripted"


@pytest.mark.parametrize("settings", [{}, {"BNVIZ_ENGINE": " Local "}, {"BNVIZ_DEVICE": "cpu"}], ids=str)
def test_a_laptop_forks_its_workers(settings: dict[str, str]):
    assert isinstance(place_for(SCRIPTED, 4, settings), Nursery)


@pytest.mark.parametrize("device", ["cuda"])
def test_with_cuda_workers_are_never_forked(device: str):
    assert isinstance(place_for(SCRIPTED, 4, {"BNVIZ_DEVICE": device}), Lasting)


def test_a_system_that_cannot_fork_has_workers_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "fork")
    assert isinstance(place_for(SCRIPTED, 4, {}), Lasting)


def test_an_engine_that_nobody_knows_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="BNVIZ_ENGINE was 'dask'; allowed is local or ray"):
        place_word({"BNVIZ_ENGINE": "dask"})
