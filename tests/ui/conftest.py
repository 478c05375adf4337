"""A service without networks behind the pages, in place of the one that they share."""

import pytest

from bnviz.service import Service
from bnviz.settings import Settings


@pytest.fixture
def scripted(monkeypatch):
    """Makes it, for so many workers."""
    made = []

    def make(workers):
        made.append(Service(Settings(workers=workers, memory_mib=256), "bnviz.testing:Scripted"))
        monkeypatch.setattr("bnviz.service.service._shared", made[-1])
        return made[-1]

    yield make
    for service in made:
        service.close()
