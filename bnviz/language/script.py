"""Which strings of a script of the board are words for a reader, told from its source; and it in another language.

A message is a string, a template whose values became numbers in braces, or a table of the forms of a plural. As in
``python``, one walk finds and replaces.
"""

from __future__ import annotations

import json
import re
import string

from bnviz.language.python import Say, is_words
from bnviz.language.tongues import ENGLISH, Tongue

_KEPT = {"className", "class", "type", "role", "key", "id", "for", "d"}
"""Properties behind which no words stand."""
_CODE = re.compile(
    r"bnviz-|--|\[|\bpx\b|[a-z-]\(|^\(.*\)$|^Arrow\w+$|^Page(Up|Down)$|^(Enter|Escape|Home|End)$|^M\d"
)
"""Styles, selectors, keys of a keyboard."""
_ASKED = re.compile(r"(?:[!=]==|\bcase|\b(?:closest|querySelector(?:All)?|matchMedia|startsWith|endsWith|test)\()\s*$")
_PROPERTY = re.compile(r"(?:^|[{,\s])\"?([\w-]+)\"?:\s*$")
_MARKED = re.compile(r"\bword\(\s*$")
_TEXT = r'"(?:\\.|[^"\\])*"'
_PLURAL = re.compile(rf"\{{\s*one:\s*({_TEXT}),\s*other:\s*({_TEXT}),?\s*\}}")
_LANGUAGE = re.compile(r"\bLANGUAGE = $")
_BEFORE_PATTERN = re.compile(r"(?:^|[=(,:!&|?;{}\[+]|=>|\breturn)\s*$")
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_SKIPPED = re.compile(r"//[^\n]*|/\*.*?\*/|import\b[^;]*;", re.DOTALL)


def messages(source: str) -> list[tuple[str, int, str]]:
    """All that a script says: message, line, plural."""
    found: list[tuple[str, int, str]] = []

    def note(message: str, line: int, many: str) -> str:
        found.append((message, line, many))
        return message

    ScriptReader(source, note).read()
    return found


def spoken_in(source: str, tongue: Tongue) -> str:
    """The script in that language, which it then knows as ``LANGUAGE``."""
    return ScriptReader(source, lambda message, line, many: tongue.say(message), tongue).read()


class ScriptReader:
    """Goes through a script once, from string to string."""

    def __init__(self, source: str, say: Say, tongue: Tongue = ENGLISH) -> None:
        self.source, self.say, self.tongue = source, say, tongue
        self.at = 0

    def read(self, end: str = "") -> str:
        """All up to ``end``, or up to the brace that closes the value of a template."""
        read, depth = [], 0
        while self.at < len(self.source):
            letter = self.source[self.at]
            skipped = _SKIPPED.match(self.source, self.at) if letter in "/i" and not self._within_word() else None
            if skipped is None and letter == "/" and _BEFORE_PATTERN.search(self._before()):
                skipped = _PATTERN.match(self.source, self.at)
            counted = _PLURAL.match(self.source, self.at) if letter == "{" else None
            if counted:
                read.append(self._forms(counted))
            elif skipped:
                read.append(skipped[0])
                self.at = skipped.end()
            elif letter in "\"'`":
                read.append(self._text(letter))
            else:
                depth += {"{": 1, "}": -1}.get(letter, 0)
                if end and depth < 0:
                    break
                read.append(letter)
                self.at += 1
        return "".join(read)

    def _forms(self, counted: re.Match[str]) -> str:
        """The table of a plural's forms, as many as the language has."""
        one, other = map(json.loads, counted.groups())
        self.say(one, self._line(), other)
        self.at = counted.end()
        forms = self.tongue.forms(one, other)
        return counted[0] if forms == {"one": one, "other": other} else json.dumps(forms, ensure_ascii=False)

    def _line(self) -> int:
        return self.source.count("\n", 0, self.at) + 1

    def _before(self) -> str:
        return self.source[max(0, self.at - 160) : self.at]

    def _within_word(self) -> bool:
        return self.at > 0 and (self.source[self.at - 1].isalnum() or self.source[self.at - 1] in "_$.")

    def _text(self, quote: str) -> str:
        """A string or a template, its quotes included, as it is to stand there."""
        first, line, before = self.at, self._line(), self._before()
        self.at += 1
        message, values, begun = "", [], self.at
        while self.source[self.at] != quote:
            if quote == "`" and self.source.startswith("${", self.at):
                message += _written(self.source[begun : self.at])
                self.at += 2
                values.append(self.read("}"))
                message += f"{{{len(values) - 1}}}"
                self.at += 1
                begun = self.at
            else:
                self.at += 2 if self.source[self.at] == "\\" else 1
        message += _written(self.source[begun : self.at])
        self.at += 1
        plain = message if values else message.replace("{{", "{").replace("}}", "}")
        if _LANGUAGE.search(before):
            return json.dumps(self.tongue.tag)
        if not self._is_words(plain, before):
            return self._same(first, quote, message, values)
        said = self.say(plain, line, "")
        if not values:
            return json.dumps(said, ensure_ascii=False)
        return "`" + _template(said, values) + "`"

    def _is_words(self, message: str, before: str) -> bool:
        named = _PROPERTY.search(before)
        if _ASKED.search(before) or (named and named[1] in _KEPT) or _CODE.search(message):
            return False
        if re.match(r"\s*:", self.source[self.at :]) and re.search(r"[{,]\s*$", before):
            return False  # the name of a property
        return is_words(message, bool(_MARKED.search(before)))

    def _same(self, first: int, quote: str, message: str, values: list[str]) -> str:
        return f"`{_template(message, values)}`" if values else self.source[first : self.at]


def _written(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _template(message: str, values: list[str]) -> str:
    parts = []
    for literal, name, _, _ in string.Formatter().parse(message):
        parts.append(literal)
        if name is not None:
            parts.append(f"${{{values[int(name)]}}}")
    return "".join(parts)
