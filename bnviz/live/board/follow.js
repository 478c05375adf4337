// Follows a link of the page for its reader, once it is there.

/**
 * Components v2 calls this at the mount, in the same place as the link, which may come later.
 * @param {{ parentElement: Element }} component
 */
export default function follow({ parentElement }) {
  const place = parentElement.closest(".st-key-go") ?? parentElement;
  const coming = new MutationObserver(press);
  coming.observe(place, { childList: true, subtree: true });
  press();
  return () => coming.disconnect();

  function press() {
    const link = place.querySelector("a");
    if (!link) return;
    coming.disconnect();
    link.click();
  }
}
