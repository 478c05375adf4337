"""The way in, by keyboard: from scene to scene, and one of them run where it stands."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import come_to_rest

pytestmark = pytest.mark.browser


def test_a_recorded_scene_is_run_where_it_stands_and_the_arrow_keys_go_on_from_it(page, app_url):
    page.goto(app_url)
    bar = page.locator(".bnviz-transport")
    expect(bar).to_have_attribute("data-state", "recorded")
    expect(page.locator("canvas[data-step]").first).to_be_in_viewport()
    page.get_by_role("button", name="Run it here").click()
    expect(bar).to_have_attribute("data-state", "paused")
    expect(page.locator(".bnviz-count-step .bnviz-value")).to_have_text("150")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"/\?scene=2$"))
    expect(bar).to_have_attribute("data-state", "recorded")
    page.go_back()
    expect(page.get_by_role("radio", name="1. What a layer sees")).to_be_checked()


def test_the_map_fills_a_scene_and_the_arrow_keys_lead_out_of_it_both_ways(page, app_url):
    page.goto(f"{app_url}/?scene=4")
    expect(page.locator(".bnviz-square[data-arm=bn]")).to_have_attribute("data-filled", "1024")
    expect(page.locator(".bnviz-square[data-arm=bn] .bnviz-pixels")).to_be_in_viewport(ratio=1)
    come_to_rest(page)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"/\?scene=5$"))
    expect(page.locator(".bnviz-transport")).to_have_attribute("data-state", "recorded")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"/\?scene=4$"))
