// How large a chart is in its place, by its template. Knows no element.

/** @import { RuledLayout } from "./types.js" */

const ENLARGED = 1.75;
const AROUND = 208; // pixels of the card around a chart that fills the window, and of the page below it
const QUESTION = 332; // pixels of the card around the picture that a lesson opens with, and of the question below it
const LOWEST = 0.6; // the share of its height that such a picture keeps
const SQUARE = 1.14; // a square panel's height with its title, as a multiple of its width
const NARROWEST = 104; // pixels of a panel beside others: a chart of more than its place holds is wider than it
const NAMED = 112; // pixels for the names right of the panels; longer ones have a sixth of a wide place, or two lines
const TICK = 28; // pixels of a number below an axis: with less, plotly turns all of them
const NAMELESS = 8; // pixels right of the panels of such a chart, whose names stand at the beginning of their rows
const BESIDE = 24, LETTER = 7.5; // pixels from the panels to the title of the horizontal axis, and of a letter of it

/**
 * The room of the names right of the panels, in a place of this width.
 * @param {number} room
 * @param {RuledLayout["margin"]} margin
 */
const namesIn = (room, { r }) => Math.min(r, Math.max(NAMED, Math.floor(room / 6)));

/**
 * Whether a chart's panels and the names beside them need more than this width.
 * @param {number} room
 * @param {RuledLayout} layout
 */
function isTooNarrow(room, { margin, meta: { panels = 0 } }) {
  return room < panels * NARROWEST + margin.l + namesIn(room, margin);
}

/**
 * What such a chart has right of its panels: the title of the horizontal axis, where there is one.
 * @param {RuledLayout} layout
 */
function titleIn({ annotations }) {
  const { text } = annotations?.find(({ name, xanchor }) => name === "x title" && xanchor === "left") ?? {};
  return text ? Math.ceil(BESIDE + LETTER * text.length) : NAMELESS;
}

/**
 * The width of a chart in a place of this width: more, where panels side by side would be too narrow.
 * @param {number} room
 * @param {RuledLayout} layout
 */
export function widthIn(room, layout) {
  const { margin, meta: { panels = 0 } } = layout;
  return isTooNarrow(room, layout) ? Math.max(room, panels * NARROWEST + margin.l + titleIn(layout)) : room;
}

/**
 * The margins of a chart in a place of this width.
 * @param {number} room
 * @param {RuledLayout} layout
 */
export function marginIn(room, layout) {
  return { ...layout.margin, r: isTooNarrow(room, layout) ? titleIn(layout) : namesIn(room, layout.margin) };
}

/**
 * How many numbers have room below an axis, of at most so many.
 * @param {number} width
 * @param {RuledLayout["margin"]} margin
 * @param {number} most
 */
export const ticksIn = (width, { l, r }, most) => Math.max(2, Math.min(most, Math.floor((width - l - r) / TICK)));

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
  const side = (width - margin.l - namesIn(width, margin)) / across;
  return Math.min(height, Math.ceil(down * SQUARE * side + margin.t + margin.b));
}

/**
 * The height of a chart that is to fill what is left of a window: not less than its template's, nor much more.
 * @param {number} below   from where its board begins
 * @param {Pick<RuledLayout, "height">} layout
 */
export function heightWithin(below, { height }) {
  return Math.min(Math.max(height, below - AROUND), ENLARGED * height);
}

/**
 * The height of the picture that a lesson opens with: its template's, or less where the question is to be seen below it.
 * @param {number} below   from where its board begins
 * @param {Pick<RuledLayout, "height">} layout
 */
export function heightAbove(below, { height }) {
  return Math.round(Math.min(height, Math.max(LOWEST * height, below - QUESTION)));
}

/**
 * How wide and how tall a chart is in a place of this width: square panels are as tall as the wider chart has room for.
 * @param {number} room
 * @param {RuledLayout} layout
 * @param {boolean} large
 */
export function sizeIn(room, layout, large) {
  const width = widthIn(room, layout);
  return { width, height: heightIn(width, layout, large) };
}

/**
 * The sizes of a board's charts where none leaves a part of its row empty: a half without another is whole, and so is a
 * third without others; two thirds are halves.
 * @param {string[]} sizes   by the templates
 * @param {boolean} isFirstWhole   whether the first has a row of its own, whatever its size
 */
export function sizesOf(sizes, isFirstWhole) {
  const places = (/** @type {string} */ word) =>
    sizes.flatMap((size, index) => (size.split(" ")[0] === word && !(isFirstWhole && index === 0) ? [index] : []));
  const halves = places("half"), thirds = places("third"), found = [...sizes];
  if (halves.length % 2) found[halves[halves.length - 1]] = "full";
  const left = thirds.length % 3;
  for (const index of left ? thirds.slice(-left) : []) found[index] = left === 1 ? "full" : "half";
  return found;
}
