"""What a browser sends as a file is believed in nothing."""

import base64
import gzip

import pytest

from bnviz.ui import saved_run
from bnviz.ui.sent_file import NotWhole, SentFile, unpacked


def sent(content=b"a file", **other):
    data = base64.b64encode(gzip.compress(content, mtime=0)).decode()
    return {"name": "it", "size": len(content), "whole": True, "data": data, **other}


def test_a_file_comes_out_as_it_was():
    file = SentFile.of(sent())
    assert (file.name, file.size, file.whole, unpacked(file.packed, 1000)) == ("it", 6, True, b"a file")


def test_what_is_said_to_be_small_and_unpacks_to_more_is_not_unpacked():
    assert len(unpacked(SentFile.of(sent(bytes(10**7))).packed, 1000)) == 1000


STRANGE = [
    ["a list"], sent(name=7), sent(size="large"), sent(size=float("inf")), sent(size=float("nan")),
    sent(data="*"), sent(data="é"), sent(data=None), sent(data=base64.b64encode(b"no gzip").decode()),
]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_what_no_page_of_ours_sends_is_no_file(strange):
    with pytest.raises(NotWhole):
        unpacked(SentFile.of(strange).packed, 1000)


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_a_saved_run_that_is_no_file_is_refused_in_a_sentence(strange):
    assert saved_run._read(strange).refusal == saved_run.BROKEN
