"""The settings of the door: read, checked, and refused in one sentence before anything starts."""

import pytest

from bnviz.live.checking import check_settings
from bnviz.live.limits import SocketLimits, metrics_token, other_origins

TOKEN = "a-token-of-24-characters"


def test_without_settings_the_defaults_hold():
    assert SocketLimits.from_environment({}) == SocketLimits()
    assert (metrics_token({}), other_origins({})) == ("", [])


def test_settings_are_read():
    assert SocketLimits.from_environment({"BNVIZ_SOCKETS_PER_CLIENT": "50"}).per_client == 50
    assert metrics_token({"BNVIZ_METRICS_TOKEN": TOKEN}) == TOKEN
    assert other_origins({"BNVIZ_ORIGINS": "https://BN.org/, http://a:81"}) == ["https://bn.org", "http://a:81"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BNVIZ_SOCKETS", "many", "allowed is a whole number from 2 to 1000000"),
        ("BNVIZ_SOCKETS_PER_CLIENT", "1", "allowed is a whole number from 2"),
        ("BNVIZ_STALLED_SECONDS", "9" * 5000, "allowed is a whole number from 1 to 3600"),
        ("BNVIZ_WORKERS", "0", "allowed is a whole number from 1 to 256"),
        ("BNVIZ_METRICS_TOKEN", "short", "had 5 characters; allowed are at least 16"),
        ("BNVIZ_METRICS_TOKEN", "with spaces in between", "without spaces"),
        ("BNVIZ_ORIGINS", "example.org", "allowed are origins like https://example.org"),
        ("BNVIZ_ORIGINS", "*", "allowed are origins"),
        ("BNVIZ_ORIGINS", "https://example.org/page", "allowed are origins"),
        ("BNVIZ_LOG", "xml", "allowed are json, text, off"),
        ("BNVIZ_ENGINE", "moon", "allowed is local or ray"),
        ("BNVIZ_FRAME_ANCESTORS", "a;b", "allowed are"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_one_sentence(name: str, value: str, sentence: str):
    with pytest.raises(SystemExit, match=sentence) as end:
        check_settings({name: value})
    words = str(end.value.code)
    assert words.startswith(f"bnviz does not start: {name}") and "\n" not in words and len(words) < 400


def test_a_metrics_token_that_is_refused_is_not_printed():
    with pytest.raises(SystemExit) as end:
        check_settings({"BNVIZ_METRICS_TOKEN": "pa ss word"})
    assert "pa ss word" not in str(end.value.code)
