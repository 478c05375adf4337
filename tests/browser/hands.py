"""Two ways to use a page without a mouse: a keyboard alone, and fingers alone on a phone of 360 x 740."""

from typing import Any, ClassVar

from playwright.sync_api import Locator, Page

MOST_TABS = 400
HAS_RUN = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
IS_THERE = "it => { const at = document.activeElement; return it === at || (it.matches('label') && it.contains(at)); }"


class Keys:
    """A desk with a keyboard and no mouse."""

    CONTEXT: ClassVar[dict[str, Any]] = {"viewport": {"width": 1440, "height": 900}}

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Walk there with the tab key, once the page has run: what it places anew on the way loses the keyboard."""
        wanted.wait_for(state="attached")
        self.page.wait_for_function(HAS_RUN)
        for _ in range(MOST_TABS):
            if wanted.evaluate(IS_THERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no tab leads to {wanted}")

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def move(self, slider: Locator) -> None:
        """Move a slider somewhere else."""
        self.reach(slider.get_by_role("slider"))
        self.page.keyboard.press("ArrowLeft")

    def open_setup(self) -> None:
        """The column stands there already."""

    def close_setup(self) -> None:
        """It may stay."""


class Fingers:
    """A phone."""

    CONTEXT: ClassVar[dict[str, Any]] = {
        "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce",
    }  # fmt: skip

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, wanted: Locator) -> None:
        """Scroll there and tap its middle, where it must be itself that is hit, once the page has run."""
        wanted.wait_for(state="attached")
        self.page.wait_for_function(HAS_RUN)
        wanted.tap()

    def move(self, slider: Locator) -> None:
        track = slider.get_by_role("group")
        track.scroll_into_view_if_needed()  # and wait until its drawer has come to rest
        box = track.bounding_box()
        assert box
        track.tap(position={"x": 0.3 * box["width"], "y": box["height"] / 2})

    def open_setup(self) -> None:
        self.press(self.page.get_by_test_id("stExpandSidebarButton"))

    def close_setup(self) -> None:
        self.press(self.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button"))


HANDS = (Keys, Fingers)
