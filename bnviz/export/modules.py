"""The board's modules in one page: a file that is opened from disk may import nothing, but what it holds itself."""

from __future__ import annotations

from pathlib import Path

from bnviz.language.loading import script
from bnviz.live.page.joined import imports, joined

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent


def scripts(entry: str) -> str:
    """The tag of a script that is ``entry`` of this room, and all that it imports, directly or not."""
    texts: dict[str, str] = {}
    waiting = [(HERE / entry).relative_to(PACKAGE).as_posix()]
    while waiting:
        path = waiting.pop()
        if path not in texts:
            texts[path] = script((PACKAGE / path).read_text())
            waiting += imports(path, texts[path])
    return f'<script type="module">\n{joined(dict(sorted(texts.items())))}\n</script>'
