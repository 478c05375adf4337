"""What a display sends to a page that opens now: AppTest cannot see what the page's scripts draw."""

import threading

import orjson


def sent(display):
    """The setup, the newest state, and the header of what is drawn (None before there is anything).

    Pictures are painted beside the owner: this waits for what was to be painted.
    """
    painted = threading.Event()
    display._registry.paint(painted.set)
    assert painted.wait(60)
    setup, state, *frames = display.stream().news(0.0)
    header = frames[0][4 : 4 + int.from_bytes(frames[0][:4], "little")] if frames else b"null"
    return orjson.loads(setup), orjson.loads(state), orjson.loads(header)
