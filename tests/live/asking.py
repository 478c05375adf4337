"""One request to an ASGI app, without a server."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers


@dataclass(frozen=True)
class Answer:
    """What an app answered."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


def ask(app, address, **headers):
    """GET this address, whose host and scheme are what the app sees, with these headers."""
    parts, sent = urlsplit(address), []
    said = {"host": parts.netloc, **{name.replace("_", "-"): text for name, text in headers.items() if text}}
    pairs = [(name.encode(), text.encode()) for name, text in said.items()]
    scope = {
        "type": "http", "method": "GET", "scheme": parts.scheme, "path": parts.path, "root_path": "",
        "query_string": parts.query.encode(), "headers": pairs,
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as elsewhere:  # a browser of other tests may have a loop of its own in this thread
        elsewhere.submit(asyncio.run, app(scope, receive, send)).result()
    body = b"".join(message.get("body", b"") for message in sent)
    return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), body)
