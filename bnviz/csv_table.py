"""A CSV file that a reader brings: from its bytes to a table, and from the table to examples with classes.

Whatever cannot be learned from is refused in one sentence: given, allowed, what to try. What a file holds is quoted
without the signs that make markup.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bnviz.fields import InvalidChoice, quoted
from bnviz.own_data import LARGEST, MadeSet, prepared
from bnviz.own_words import LEAST_EXAMPLES, MOST_EXAMPLES, MOST_FEATURES, most_classes
from bnviz.wording import plural

MOST_FILE_BYTES = 12_000_000
LABELS = ("label", "class", "target", "species", "y")
"""A column of such a name holds the classes, unless the reader says another; else the last one does."""

ZIP = (
    "The file is a zip archive; allowed is CSV, plain text with commas: unpack it, and load the CSV file inside."
)
EXCEL = (
    "The file is an Excel workbook; allowed is CSV, plain text with commas: in Excel, save the sheet as CSV UTF-8, and "
    "load that."
)
UTF_16 = "The file is text as UTF-16; allowed is CSV, plain text with commas: save it as CSV UTF-8."
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"\x1f\x8b", "The file is compressed by gzip; allowed is CSV, plain text with commas: unpack it, and load the CSV "
                  "file inside."),
    (b"\xd0\xcf\x11\xe0", EXCEL),
    (b"%PDF", "The file is a PDF; allowed is CSV, plain text with commas: take the table out of it, as CSV."),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"PAR1", "The file is a Parquet file; allowed is CSV, plain text with commas: in pandas, write it by to_csv."),
    (b"\x89HDF", "The file is an HDF5 file; allowed is CSV, plain text with commas: in pandas, write it by to_csv."),
    (b"\x93NUMPY", "The file is an array of NumPy's; allowed is CSV, plain text with commas: write it by "
                   "numpy.savetxt, with a header, or use bnviz.dataset_from."),
)  # fmt: skip
"""How files begin that are no text, and what is said of them."""

_POINT = re.compile(r"\s*[+-]?\d*\.\d+\s*")


@dataclass(frozen=True)
class CsvTable:
    """The texts of all cells below the ``header``, row by row, and the line where each row ends; ``name`` is the
    file's."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[list[str]]
    lines: Sequence[int]
    delimiter: str = ","

    @classmethod
    def read(cls, data: bytes, name: str, size: int | None = None) -> CsvTable:
        """The table in a file's bytes; where ``size`` says that the file has more, these are its beginning.

        Raises:
            InvalidChoice: it is none.
        """
        _refuse_what_is_no_text(data, name, len(data) if size is None else size)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = len(re.findall(rb"\r\n?|\n", data[: error.start])) + 1
            raise InvalidChoice(
                f"Line {line} has the byte {data[error.start]:#04x}, which is no UTF-8; allowed is UTF-8 text: save "
                "the file as CSV UTF-8."
            ) from None
        if not text.strip() or "\0" in text:
            raise InvalidChoice("The file holds no text; allowed is a header and lines of numbers: try another file.")
        text, delimiter = _delimited(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            rows = [(row, reader.line_num) for row in reader if len(row) > 1 or "".join(row).strip()]
        except csv.Error:
            raise InvalidChoice(
                f"A cell that begins in line {reader.line_num} has no end; allowed are cells with commas between: look "
                "for a lone quotation mark."
            ) from None
        header = tuple(cell.strip() for cell in rows[0][0])
        _check_header(header, [row for row, _ in rows[1:]])
        for row, line in rows[1:]:
            if len(row) != len(header):
                raise InvalidChoice(plural(
                    len(row),
                    "Line {line} has {count} cell; allowed are {allowed}, as in the header: look for a comma too many, "
                    "or a missing one.",
                    "Line {line} has {count} cells; allowed are {allowed}, as in the header: look for a comma too "
                    "many, or a missing one.",
                    line=line, allowed=len(header),
                ))  # fmt: skip
        return cls(name, header, [row for row, _ in rows[1:]], [line for _, line in rows[1:]], delimiter)

    @property
    def label(self) -> int:
        """Which column holds the classes, if the reader does not say."""
        named = [index for index, name in enumerate(self.header) if name.lower() in LABELS]
        return named[0] if named else len(self.header) - 1

    def examples(self, label: int) -> MadeSet:
        """What a network learns from: the classes are in this column, and all others are numbers.

        Raises:
            InvalidChoice: it cannot be learned from.
        """
        if len(self.rows) < LEAST_EXAMPLES:
            raise InvalidChoice(
                f"The file has {len(self.rows):,} lines below its header; allowed are {LEAST_EXAMPLES} to "
                f"{MOST_EXAMPLES:,}: add some."
            )
        if len(self.rows) > MOST_EXAMPLES:
            raise InvalidChoice(
                f"The file has {len(self.rows):,} lines below its header; allowed are {LEAST_EXAMPLES} to "
                f"{MOST_EXAMPLES:,}: keep a part of them."
            )
        words = [row[label].strip() for row in self.rows]
        classes = sorted(set(words), key=_in_order)
        most = most_classes(len(self.header) - 1)
        if "" in classes:
            line = self.lines[words.index("")]
            raise InvalidChoice(
                f"Line {line} has no label in the column {quoted(self.header[label])}; allowed is one in every line: "
                "fill it in, or leave the line out."
            )
        if lacking := [word for word in classes if _is_number(word) and not math.isfinite(float(word))]:
            raise InvalidChoice(
                f"Line {self.lines[words.index(lacking[0])]} has the label {quoted(lacking[0])} in the column "
                f"{quoted(self.header[label])}; allowed are words and finite numbers: fill it in, or leave the line "
                "out."
            )
        if len(classes) == 1:
            raise InvalidChoice(
                f"The label column {quoted(self.header[label])} holds one value, {quoted(classes[0])}, alone; allowed "
                f"are 2 to {most} classes: choose another column, or put some together."
            )
        if len(classes) > most:
            raise InvalidChoice(
                f"The label column {quoted(self.header[label])} holds {len(classes):,} values; allowed are 2 to {most} "
                "classes: choose another column, or put some together."
            )
        place = {word: index for index, word in enumerate(classes)}
        others = [index for index in range(len(self.header)) if index != label]
        about = {
            "classes": [word[:40] for word in classes], "columns": [self.header[index][:40] for index in others],
            "label": self.header[label][:40],
        }  # fmt: skip
        return prepared(self._numbers(label), np.array([place[word] for word in words]), _stem(self.name), about)

    def _numbers(self, label: int) -> np.ndarray:
        try:
            numbers = np.array([[*map(float, row[:label] + row[label + 1 :])] for row in self._cells])
            if (np.abs(numbers) <= LARGEST).all():
                return numbers
        except ValueError:
            pass
        for line, row in zip(self.lines, self._cells, strict=True):
            for index, cell in enumerate(row):
                if index != label and (wrong := _wrong(cell)):
                    has, allowed = wrong
                    raise InvalidChoice(f"Line {line} has {has} in the column {quoted(self.header[index])}; {allowed}")
        raise InvalidChoice("The file holds no numbers; allowed are lines of numbers below the header.")

    @cached_property
    def _cells(self) -> Sequence[list[str]]:
        """With decimal points: some countries write commas, and put semicolons between cells.

        Between commas, and where others have a point, a comma parts thousands: those are no numbers here.
        """
        if self.delimiter == ",":
            return self.rows
        cells = [cell for row in self.rows for cell in row]
        if any("," in cell for cell in cells) and not any(map(_POINT.fullmatch, cells)):
            return [[re.sub(r"^(\s*[+-]?\d+),(\d+)", r"\1.\2", cell) for cell in row] for row in self.rows]
        return self.rows


def _refuse_what_is_no_text(data: bytes, name: str, size: int) -> None:
    for begins, said in BEGINNINGS:
        if data.startswith(begins):
            is_sheet = name.lower().endswith(("xlsx", "xlsm", "ods")) or b"xl/" in data[:4096]
            raise InvalidChoice(EXCEL if said == ZIP and is_sheet else said)
    if size > MOST_FILE_BYTES or size > len(data):
        raise InvalidChoice(
            f"The file has {size / 1e6:,.1f} MB; allowed are {MOST_FILE_BYTES / 1e6:g} MB, such as 5,000 lines of 64 "
            "numbers: keep a part of the lines or columns, or fewer decimals."
        )


def _delimited(text: str) -> tuple[str, str]:
    """The text, and what stands between its cells: the commonest sign of the first line, or what Excel says there."""
    first = next(line for line in text.splitlines() if line.strip())
    if said := re.fullmatch(r"\s*sep=([,;\t])\s*", first):
        return text.replace(first, "", 1), said[1]
    return text, max(",;\t", key=first.count)


def _check_header(header: tuple[str, ...], rows: Sequence[list[str]]) -> None:
    if _is_example(header, rows):
        raise InvalidChoice(
            f"The first line holds numbers, {quoted(', '.join(header[:3]))}; allowed is a header: add a line with the "
            "names of the columns on top."
        )
    if len(header) < 2:
        raise InvalidChoice(
            "The first line has one cell; allowed are at least two columns, numbers and labels: save it with commas "
            "between them."
        )
    if len(header) - 1 > MOST_FEATURES:
        raise InvalidChoice(
            f"The file has {len(header):,} columns; allowed are {MOST_FEATURES} of numbers and one of labels: leave "
            "some out."
        )


def _is_example(header: tuple[str, ...], rows: Sequence[list[str]]) -> bool:
    """Whether the first line is like those below: numbers, and beside them only words that come again."""
    words = [index for index, name in enumerate(header) if not _is_number(name)]
    again = all(any(header[index] == row[index].strip() for row in rows if index < len(row)) for index in words)
    return again and len(words) < len(header)


def _wrong(cell: str) -> tuple[str, str] | None:
    """What a cell has that should be a number, and what is allowed; None where it is one."""
    if not cell.strip():
        return "nothing", "allowed is a number in every line: fill it in, or leave the line out."
    if not _is_number(cell):
        return f"the text {quoted(cell.strip()[:20])}", (
            "allowed are numbers in all columns but that of the labels: choose it for the labels, or leave it out."
        )
    if abs(float(cell)) <= LARGEST:
        return None
    if math.isfinite(float(cell)):
        return cell.strip()[:9], f"allowed are numbers up to {LARGEST:g}: write it in another unit."
    return cell.strip()[:9], "allowed are finite numbers: fill it in, or leave the line out."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _in_order(word: str) -> tuple[float, str]:
    """Numbers by their size, before all other words."""
    return (float(word), word) if _is_number(word) and math.isfinite(float(word)) else (math.inf, word)


def _stem(name: str) -> str:
    return re.sub(r"\.\w+$", "", name)
