// What every page of the site has beside what Streamlit gives it: the keyboard goes on where something came, the drawer
// says what is in it, what is swiped is reached by keys, and a page in a frame says how tall it is.

import { nameDrawer } from "./drawer.js";
import { follow } from "./focus.js";
import { tellHeight } from "./framed.js";
import { showScheme } from "./scheme.js";
import { reachSwiped } from "./swiped.js";
import { atMostEvery } from "./tasks.js";

const SELDOM = 500; // milliseconds

document.addEventListener("click", follow, true);
new MutationObserver(showScheme).observe(document.body, { childList: true });
const looked = atMostEvery(SELDOM, () => {
  nameDrawer();
  reachSwiped();
});
new MutationObserver(looked).observe(document.documentElement, { childList: true, subtree: true });
window.addEventListener("resize", reachSwiped);
tellHeight(window);
