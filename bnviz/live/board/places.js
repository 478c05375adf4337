// What stands in which place of the page. Streamlit unmounts a place when it only moves it: gone is what is no longer in
// the page a moment later.

/**
 * @template {{ leave: () => void, restyle?: () => void }} T
 * @extends {WeakMap<Element, T>}
 */
export class Places extends WeakMap {
  /**
   * The mount of what needs to hear of the theme alone; gives its departure.
   * @param {Element} place
   * @param {() => T} made
   */
  fill(place, made) {
    const known = this.get(place);
    if (known) known.restyle?.();
    else this.set(place, made());
    return this.departure(place);
  }

  /** What Streamlit calls when it unmounts a place. @param {Element} place */
  departure(place) {
    return () => setTimeout(() => place.isConnected || this.leave(place), 0);
  }

  /** @param {Element} place */
  leave(place) {
    this.get(place)?.leave();
    this.delete(place);
  }
}
