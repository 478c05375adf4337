"""A CSV file becomes examples with classes, and every kind of bad one has a sentence: given, allowed, what to try."""

import io
import zipfile

import numpy as np
import pytest

from bnviz.csv_table import BEGINNINGS, MOST_FILE_BYTES, CsvTable
from bnviz.fields import InvalidChoice
from bnviz.own_data import OwnArrays
from bnviz.own_words import own_set

GOOD = "a,b,c,label\n" + "1,2,0.5,x\n2,3,1.5,y\n3,5,0.5,x\n" * 4


def read(text, label=None, name="flowers.csv", size=None):
    table = CsvTable.read(text if isinstance(text, bytes) else text.encode(), name, size)
    return table.examples(table.label if label is None else label)


def test_the_columns_beside_the_label_are_numbers_and_its_words_are_the_classes():
    made = read(GOOD)
    own, arrays = own_set(made.word), OwnArrays.from_bytes(made.body)
    assert (own.name, own.examples, own.features, own.classes) == ("flowers", 12, 3, 2)
    assert arrays.y.tolist() == [0, 1, 0] * 4 and arrays.about["columns"] == ["a", "b", "c"]
    assert arrays.about["means"] == pytest.approx([2.0, 10 / 3, 5 / 6])


def test_the_label_is_a_column_of_such_a_name_or_the_last_one_or_the_one_that_is_chosen():
    assert CsvTable.read(b"y,a\n", "").label == 0
    assert CsvTable.read(b"a,b\n", "").label == 1
    chosen = read(GOOD.replace("x", "7").replace("y", "8"), label=2)
    assert OwnArrays.from_bytes(chosen.body).about["classes"] == ["0.5", "1.5"]


def test_classes_that_are_numbers_are_in_their_order():
    numbered = GOOD.replace("x", "10").replace("y", "9")
    assert OwnArrays.from_bytes(read(numbered).body).about["classes"] == ["9", "10"]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(",", ";"), GOOD.replace(",", "\t"), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";").replace(".", ","), GOOD + "\n\n", "\n \n" + GOOD,
    ],
    ids=["semicolons", "tabs", "a mark before it", "lines of Windows", "decimal commas", "empty lines",
         "empty lines before it"],
)
def test_the_same_table_written_otherwise_is_the_same_data(text):
    assert read(text).word == read(GOOD).word


def zipped(name):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "1")
    return data.getvalue()


def changed(before, after):
    return GOOD.replace(before, after, 1)


BAD = {
    "no header": (changed("a,b,c,label", "1,2,3,4"), r"The first line holds numbers, '1, 2, 3'; allowed is a header"),
    "text": (changed("2,3,", "2,rome,"), r"Line 3 has the text 'rome' in the column 'b'; allowed are numbers"),
    "one class": (GOOD.replace("y", "x"), r"column 'label' holds one value, 'x', alone; allowed are 2 to 10 classes"),
    "too many classes": (
        "a,b,c,label\n" + "".join(f"1,2,3,{line}\n" for line in range(12)), r"holds 12 values; allowed are 2 to 10"
    ),
    "nan": (changed("2,3,", "2,nan,"), r"Line 3 has nan in the column 'b'; allowed are finite numbers: fill it in"),
    "infinite": (changed("2,3,", "2,inf,"), r"Line 3 has inf in the column 'b'"),
    "nothing": (changed("2,3,", "2,,"), r"Line 3 has nothing in the column 'b'; allowed is a number in every line"),
    "no label": (changed(",y", ","), r"Line 3 has no label in the column 'label'"),
    "too wide": (",".join(f"c{each}" for each in range(300)) + "\n", r"300 columns; allowed are 256 of numbers"),
    "too short": (GOOD[:30], r"The file has 2 lines below its header; allowed are 10 to 20,000: add some"),
    "too long": ("a,b,c,label\n" + "1,2,3,x\n" * 20_001, r"20,001 lines below its header.*keep a part"),
    "ragged": (changed("2,3,1.5,y", "2,3,y"), r"Line 3 has 3 cells; allowed are 4, as in the header"),
    "one column": ("a\n1\n2\n", r"The first line has one cell; allowed are"),
    "not UTF-8": (GOOD.replace("x", "é").encode("latin-1"), r"Line 2 has the byte 0xe9, which is no UTF-8.*CSV UTF-8"),
    "empty": (b"", "The file holds no text"),
    "binary": (b"a,b\0c\n", "The file holds no text"),
    "a zip": (zipped("a.csv"), r"The file is a zip archive; allowed is CSV.*unpack it"),
    "Excel": (zipped("xl/workbook.xml"), r"The file is an Excel workbook; allowed is CSV.*save the sheet as CSV UTF-8"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(600), r"The file is an Excel workbook"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_each_kind_of_bad_file_has_a_sentence_of_its_own(kind):
    data, sentence = BAD[kind]
    with pytest.raises(InvalidChoice, match=sentence) as refusal:
        read(data)
    assert "allowed" in str(refusal.value) and str(refusal.value).endswith(".")


def test_a_file_that_is_too_large_is_told_by_its_beginning():
    with pytest.raises(InvalidChoice, match=r"The file has 100\.0 MB; allowed are 12 MB"):
        read(GOOD, size=100_000_000)
    assert MOST_FILE_BYTES == 12_000_000


@pytest.mark.parametrize("begins", [begins for begins, _ in BEGINNINGS])
def test_what_begins_like_something_else_is_called_that(begins):
    with pytest.raises(InvalidChoice, match="The file is "):
        read(begins + bytes(100), size=100_000_000)


def test_what_a_file_holds_is_quoted_without_signs_that_make_markup():
    with pytest.raises(InvalidChoice) as refusal:
        read(GOOD.replace("2,3,", "2,<b>[x](http://e.org),", 1).replace("a,b", "a,*b*", 1))
    assert not set("<>*") & set(str(refusal.value)) and "](" not in str(refusal.value)


def test_decimal_commas_may_come_late():
    made = read("a;b;label\n" + "1;2;x\n2;3;y\n" * 15 + "1,5;2;x\n")
    assert made.about["means"][0] == pytest.approx(46.5 / 31)


@pytest.mark.parametrize("sign", ",;\t")
def test_the_first_column_may_have_no_name(sign):
    rows = GOOD.replace("\n", "\n7,").removesuffix("7,")
    assert read(f",{rows}".replace(",", sign)).about["columns"] == ["", "a", "b", "c"]


@pytest.mark.parametrize("line", ["1,2,0.5,x\n", "2,3,1.5,y\n", "9,8,7,x\n"])
def test_a_first_line_whose_words_come_again_below_is_no_header(line):
    with pytest.raises(InvalidChoice, match=r"The first line holds numbers.*allowed is a header"):
        read(GOOD.replace("a,b,c,label\n", line))


def test_columns_may_be_named_by_numbers_beside_a_word():
    assert read(GOOD.replace("a,b,c", "0,1,2")).about["columns"] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("2,3,", '"2,345",3,', 1), GOOD.replace(",", ";").replace("2;3;", "2,345;3;", 1),
        GOOD.replace(",", "\t").replace("2\t3\t", "2,345\t3\t", 1),
    ],
    ids=["between commas", "beside decimal points", "between tabs"],
)
def test_a_comma_that_parts_thousands_is_no_decimal_comma(text):
    with pytest.raises(InvalidChoice, match="Line 3 has the text '2,345' in the column 'a'"):
        read(text)


def test_the_line_in_which_excel_says_what_stands_between_cells_is_no_header():
    assert read("sep=;\n" + GOOD.replace(",", ";")).about["columns"] == ["a", "b", "c"]
    with pytest.raises(InvalidChoice, match="Line 4 has the text"):
        read("sep=,\r\n" + changed("2,3,", "2,rome,").replace("\n", "\r\n"))


@pytest.mark.parametrize("label", ["NaN", "nan", "inf"])
def test_a_label_that_is_no_finite_number_is_no_class(label):
    with pytest.raises(InvalidChoice, match=f"Line 3 has the label '{label}' in the column 'label'; allowed are"):
        read(changed(",y", f",{label}"))


def test_a_number_whose_square_is_none_is_refused_at_its_line():
    with pytest.raises(InvalidChoice, match=r"Line 3 has 2e200 in the column 'a'; allowed are numbers up to 1e\+30"):
        read(changed("2,3,", "2e200,3,"))


def test_line_numbers_count_the_lines_of_an_old_mac_too():
    with pytest.raises(InvalidChoice, match="Line 3 has the byte"):
        read(changed(",y", ",é").replace("\n", "\r").encode("latin-1"))


def test_line_numbers_count_empty_lines_before_the_header_too():
    with pytest.raises(InvalidChoice, match="Line 5 has the text"):
        read("\n\n" + GOOD.replace("2,3,", "2,rome,", 1))


def test_line_numbers_count_empty_lines_too():
    with pytest.raises(InvalidChoice, match="Line 4 has the text"):
        read(GOOD.replace("2,3,", "\n2,rome,", 1))


def test_five_thousand_lines_of_64_numbers_are_read():
    x = np.random.default_rng(0).normal(size=(5000, 64))
    lines = (",".join(f"{each:.6g}" for each in row) + f",{int(row[0] > 0)}" for row in x)
    made = read(",".join(f"x{column}" for column in range(64)) + ",label\n" + "\n".join(lines))
    assert np.allclose(OwnArrays.from_bytes(made.body).x, (x - x.mean(0)) / x.std(0), atol=1e-4)
