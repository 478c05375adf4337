"""A field: one choice of a ``Run``, as validation, a widget, a link and an error sentence know it.

The rows themselves stand in ``run``; here is what a row consists of, and how a
wrong value is refused in one sentence. Knows no network.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import index
from typing import Annotated, Any, ClassVar, get_args

import numpy as np
import pydantic
from annotated_types import Ge, Le
from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from bnviz.wording import word

NOW, RESTARTS = "applies-now", "restarts"
"""When a changed choice applies."""
TOLD = "told"
"""The type of a finding that has a sentence of its own."""


class InvalidChoice(ValueError):
    """A choice that no network can be made from; the message says what was given and what is allowed."""


_MARKUP = re.compile(r"""[^\w (){}[\],.;='"%+-]|\](?=\()|(?<!\d)\.|\.(?!\d)|(?<![^\W_])_|_(?![^\W_])|--""")
"""Every sign but these; and of these, what makes a link, a web address, emphasis (``_`` inside a word makes none), or a
dash of two hyphens."""


def quoted(given: object) -> str:
    """What was given, as a sentence on a page may hold it: short, and without the signs that make markup or a link."""
    return _MARKUP.sub("?", repr(given)[:60])


def is_truth_value(value: object) -> bool:
    """Whether it is True or False, which Python takes for 1 and 0, and whoever writes it means something else."""
    return isinstance(value, bool | np.bool_)


def whole_number(name: str, given: object, least: int) -> int:
    """What was given, if it is a whole number and not too small.

    Raises:
        ValueError: anything else, in one sentence.
    """
    try:
        whole = None if is_truth_value(given) else index(given)  # type: ignore[arg-type]
    except TypeError:  # of an array, too, which has an index only where it is one number
        whole = None
    if whole is None or whole < least:
        raise ValueError(f"{name} was {quoted(given)}; allowed is {least} or more (whole numbers).")
    return whole


def choice(
    default: Any, label: str, meaning: str, *, unit: str = "", applies: str = RESTARTS, empty: str = word("automatic"),
    **limits: Any,
) -> Any:
    """One row of the field table: default, the words a reader sees (``empty`` for None), the limits pydantic checks."""
    extra: dict[str, JsonValue] = {"unit": unit, "applies": applies, "empty": empty}
    return pydantic.Field(default, title=label, description=meaning, json_schema_extra=extra, **limits)


def span(low: float, high: float, whole: bool) -> str:
    """Between which numbers something is allowed, in words."""
    return f"{low:g} to {high:g} (whole numbers)" if whole else f"{low:g} to {high:g}"


@dataclass(frozen=True)
class Menu:
    """Marks a field whose words are in this menu. Others are let in by ``check``, which raises KeyError for what is no
    word, and InvalidChoice, in a sentence of its own, for what cannot be."""

    words: tuple[str, ...]
    check: Callable[[str], object]

    @property
    def annotation(self) -> Any:
        """The type of such a field."""

        def known(word: str) -> str:
            if word not in self.words:
                try:
                    self.check(word)
                except KeyError:
                    raise ValueError("no such word") from None
                except InvalidChoice as error:
                    raise PydanticCustomError(TOLD, "{sentence}", {"sentence": str(error)}) from None
            return word

        return Annotated[str, self, AfterValidator(known)]


@dataclass(frozen=True)
class Field:
    """A field of ``Run`` as a widget or an error sentence needs it."""

    name: str
    label: str
    meaning: str
    default: Any
    choices: tuple[str, ...]
    low: float | None
    high: float | None
    whole: bool
    optional: bool
    unit: str
    applies: str
    empty: str

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None or self.high is None:
            return "true or false"
        return span(self.low, self.high, self.whole)


def _field(name: str, info: FieldInfo) -> Field:
    kinds = get_args(info.annotation)
    menus = (marked.words for marked in info.metadata if isinstance(marked, Menu))
    words = next(menus, tuple(word for word in kinds if isinstance(word, str)))
    extra = info.json_schema_extra
    assert isinstance(extra, dict)
    low = next((m.ge for m in info.metadata if isinstance(m, Ge)), None)
    high = next((m.le for m in info.metadata if isinstance(m, Le)), None)
    return Field(
        name, info.title or name, info.description or "", info.default, words, low, high,  # type: ignore[arg-type]
        whole=info.annotation is int or int in kinds, optional=type(None) in kinds,
        unit=str(extra["unit"]), applies=str(extra["applies"]), empty=str(extra["empty"]),
    )


def fields_of(model: type[BaseModel]) -> dict[str, Field]:
    """The rows of a model, by name."""
    return {name: _field(name, info) for name, info in model.model_fields.items()}


class Keyed(ABC):
    """Something with a name made from its content: equal ones, and only they, share it."""

    @abstractmethod
    def to_json(self) -> str:
        """All of it, as text from which it can be made again."""

    @property
    def key(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:32]


class Frozen(BaseModel):
    """Keyword-only, immutable, and refusing with one sentence instead of pydantic's report."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    rows: ClassVar[Mapping[str, Field]]
    """The fields whose words a sentence may need."""

    def __init__(self, **choices: Any) -> None:
        try:
            super().__init__(**choices)
        except ValidationError as error:
            raise InvalidChoice(self.sentence(error)) from None

    @classmethod
    def sentence(cls, error: ValidationError) -> str:
        """Pydantic's first finding as one sentence for a student: given, allowed, what to try."""
        finding, rows = error.errors()[0], cls.rows
        names = [str(part) for part in finding["loc"] if str(part) in rows]
        if finding["type"] == TOLD:
            return finding["msg"]
        given = quoted(finding["input"])
        if finding["type"] == "extra_forbidden":
            wrong, known = quoted(finding["loc"][-1]), ", ".join(cls.model_fields)
            return f"{wrong} is no choice of a {cls.__name__}; the choices are {known}."
        if names:
            field = rows[names[0]]
            return f"{field.name} was {given}; allowed is {field.allowed}. {field.meaning}"
        if finding["type"] == "value_error":
            return str(finding["ctx"]["error"])
        ours = (*rows, *cls.model_fields)
        words = [str(part) if isinstance(part, int) or part in ours else quoted(part) for part in finding["loc"]]
        place = " ".join(words) or cls.__name__
        return f"{place} was {given}, which does not fit: {finding['msg'].lower()}."
