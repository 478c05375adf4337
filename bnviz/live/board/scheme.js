// Whether the page is light or dark, told to what Streamlit hangs beside the app: popovers, menus and dialogs stand
// outside of the element that says it, so that their styles would take what is meant for the light.

/** Gives the whole document the colour scheme of the app. */
export function showScheme() {
  const app = document.querySelector(".stApp");
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
}
