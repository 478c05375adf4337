// Takes a reader who pressed something far down on the page to where this stands.

let known = 0;

/**
 * Components v2 calls this at the mount, and whenever the page ran again with other data; a new page begins at 0.
 * @param {{ parentElement: Element, data: { arrivals: number } }} component
 */
export default function arrive({ parentElement, data }) {
  if (data.arrivals > known) parentElement.scrollIntoView({ block: "center" });
  known = data.arrivals;
  return () => {};
}
