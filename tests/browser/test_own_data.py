"""Data of a reader's own in the page: a file that is dropped, points that are painted, a digit that is drawn."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser

CSV = "a,b,c,kind\n" + "1,2,0,x\n2,3,1,y\n3,5,0,x\n" * 60
DROP = """(zone, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""


def drop(page, name, text):
    page.locator(".bnviz-file").evaluate(DROP, [name, text])


def paint(canvas, keys):
    for key in keys:
        canvas.press(key)


def test_a_file_that_is_dropped_trains_and_a_bad_one_has_its_sentence(page, app_url):
    lab = Lab(page, app_url)
    page.get_by_text("Your own data").click()
    expect(page.get_by_label("Choose a CSV file")).to_be_attached()
    drop(page, "flowers.csv", CSV)
    lab.wait_for_state("running")
    expect(page.locator("section.bnviz-board")).to_contain_text("flowers, 3 x 100 sigmoid")
    expect(page.get_by_text("180 lines of 3 numbers, 2 classes")).to_be_visible()
    drop(page, "bad.csv", CSV.replace("2,3,1", "2,rome,1"))
    expect(page.get_by_text("Line 3 has the text 'rome' in the column 'b'")).to_be_visible()
    drop(page, "huge.csv", "1" * 12_000_001)
    expect(page.get_by_text("The file has 12.0 MB; allowed are 12 MB")).to_be_visible()
    drop(page, "book.xlsx", "PK\x03\x04")
    expect(page.get_by_text("The file is an Excel workbook")).to_be_visible()
    expect(page).to_have_url(re.compile(r"dataset=own\.flowers\.180x3x2\.[0-9a-f]{32}"))


def test_points_that_are_painted_train_and_ride_in_the_link(page, app_url):
    lab = Lab(page, app_url)
    page.get_by_text("Your own data").click()
    page.get_by_text("Paint", exact=True).click()
    canvas, said = page.locator(".bnviz-pad canvas"), page.locator(".bnviz-pad .bnviz-own-said")
    paint(canvas, ["Enter", "ArrowLeft"] * 6 + ["2"] + ["ArrowUp", "Enter"] * 3)
    expect(said).to_have_text("1 more point, and training begins")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 20, steps=6)
    page.mouse.up()
    lab.wait_for_state("running")
    expect(page).to_have_url(re.compile(r"dataset=points\.painted\.\d+x2x2\."))
    expect(said).to_have_text(re.compile(r"^\d+ points, in the link$"))
    painted = said.inner_text()
    canvas.press("u")
    expect(said).not_to_have_text(painted)
    page.get_by_role("button", name="Clear").click()
    expect(said).to_have_text("10 more points, and training begins")
    page.reload()
    lab.wait_for_state("running", "starting", "paused")
    page.get_by_text("Your own data").click()
    expect(said).to_have_text(re.compile(r"^\d+ points, in the link$"))


def test_a_digit_is_answered_in_both_modes_while_it_is_drawn(page, app_url):
    lab = Lab(page, app_url)
    page.get_by_text("Draw a digit").click()
    said = page.locator(".bnviz-digit .bnviz-own-said")
    expect(said).to_have_text("Press Play: networks answer while they train.")
    lab.play(1)
    canvas = page.locator(".bnviz-digit canvas").first
    paint(canvas, [" ", *["ArrowDown"] * 8])
    expect(page.locator(".bnviz-digit-answers section")).to_have_count(2)
    both = re.compile(r"^train \d \(\d+%\), eval \d \(\d+%\)$")
    expect(page.locator(".bnviz-digit-answers p")).to_have_text([both, both])
    expect(said).to_contain_text("eval mode, with the running statistics")
    page.locator(".bnviz-digit").get_by_role("button", name="Clear").click()
    expect(page.locator(".bnviz-digit-answers section")).to_have_count(0)
