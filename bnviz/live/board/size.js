// How large a chart is in its place, by its template. Knows no element.

/** @import { RuledLayout } from "./types.js" */

const ENLARGED = 1.75;
const SQUARE = 1.14; // a square panel's height with its title, as a multiple of its width
const NARROWEST = 132; // pixels of a panel beside others: a chart of more than its place holds is wider than it
const NAMELESS = 8; // pixels right of the panels of such a chart, whose names stand at the beginning of their rows

/**
 * Whether a chart's panels and the names beside them need more than this width.
 * @param {number} room
 * @param {RuledLayout} layout
 */
function isTooNarrow(room, { margin, meta: { panels = 0 } }) {
  return room < panels * NARROWEST + margin.l + margin.r;
}

/**
 * The width of a chart in a place of this width: more, where panels side by side would be too narrow.
 * @param {number} room
 * @param {RuledLayout} layout
 */
export function widthIn(room, layout) {
  const { margin, meta: { panels = 0 } } = layout;
  return isTooNarrow(room, layout) ? Math.max(room, panels * NARROWEST + margin.l + NAMELESS) : room;
}

/**
 * The margins of a chart in a place of this width.
 * @param {number} room
 * @param {RuledLayout} layout
 */
export function marginIn(room, layout) {
  return isTooNarrow(room, layout) ? { ...layout.margin, r: NAMELESS } : layout.margin;
}

/**
 * The template's height, or less where square panels are narrow.
 * @param {number} width
 * @param {RuledLayout} layout
 * @param {boolean} large
 */
export function heightIn(width, { margin, meta: { squares }, height: own }, large) {
  const height = own * (large ? ENLARGED : 1);
  if (!squares) return height;
  const [across, down] = squares;
  const side = (width - margin.l - margin.r) / across;
  return Math.min(height, Math.ceil(down * SQUARE * side + margin.t + margin.b));
}
