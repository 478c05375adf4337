// A part of the page as a picture, drawn by the browser itself: drawings, canvases and words become one SVG.

import { svg } from "./dom.js";

/** @typedef {{ markup: string, width: number, height: number }} Drawn */

const LEFT_OUT = "dialog, [hidden], .bnviz-hidden, .bnviz-words, .bnviz-numbers, .bnviz-cursor, .bnviz-unit, .bnviz-units, .bnviz-tip";
const CONTROLS = ".bnviz-head button, .bnviz-picture, .bnviz-table-button";
const NOTHING = /^rgba\(.*, 0\)$|^transparent$/;

/**
 * What is seen of an element, on the ground that it stands on; of a part that is scrolled, all.
 * @param {HTMLElement} element
 * @returns {Drawn}
 */
export function drawn(element) {
  const box = element.getBoundingClientRect(), scrolled = [...element.querySelectorAll(".bnviz-stage")];
  const beyond = Math.max(0, ...scrolled.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  const [width, height] = [Math.ceil(box.width + beyond), Math.ceil(box.height)];
  const place = (/** @type {Node} */ node, /** @type {DOMRect} */ { x, y }) => {
    const shifted = scrolled.find((stage) => stage.contains(node))?.scrollLeft ?? 0;
    return { x: x - box.x + shifted, y: y - box.y };
  };
  const ground = svg("rect", { width, height, fill: groundOf(element) });
  const picture = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    ground, ...partsOf(element).flatMap((node) => part(node, place)));
  return { markup: new XMLSerializer().serializeToString(picture), width, height };
}

/**
 * The first colour below an element that nothing shines through.
 * @param {Element | null} element
 * @returns {string}
 */
function groundOf(element) {
  if (!element) return "white";
  const { backgroundColor } = getComputedStyle(element);
  return NOTHING.test(backgroundColor) ? groundOf(element.parentElement) : backgroundColor;
}

/**
 * What can be drawn of an element, in the order in which it lies: texts, drawings, canvases, painted grounds; of a choice
 * what is chosen.
 * @param {Element} element
 * @returns {Node[]}
 */
function partsOf(element) {
  if ([SVGSVGElement, HTMLCanvasElement, HTMLImageElement].some((kind) => element instanceof kind)) return [element];
  return [...element.childNodes].flatMap((child) => {
    if (child instanceof HTMLSelectElement) return [child];
    if (child instanceof Element) {
      if (child.matches(`${LEFT_OUT}, ${CONTROLS}`) || !isSeen(child)) return [];
      return child instanceof HTMLElement && isPainted(child) ? [child, ...partsOf(child)] : partsOf(child);
    }
    return child.nodeType === Node.TEXT_NODE ? [child] : [];
  });
}

/** @param {Element} element */
function isSeen(element) {
  const { visibility, opacity, display } = getComputedStyle(element);
  return display === "contents" || (visibility !== "hidden" && opacity !== "0" && element.getClientRects().length > 0);
}

/** @param {HTMLElement} element */
function isPainted(element) {
  const { backgroundColor, backgroundImage } = getComputedStyle(element);
  return backgroundImage.startsWith("linear-gradient") || !NOTHING.test(backgroundColor);
}

/**
 * The ground of an element: of one colour, or from colour to colour in equal parts.
 * @param {HTMLElement} element
 * @param {Record<string, string | number>} size
 */
function painted(element, size) {
  const { backgroundColor, backgroundImage, borderRadius } = getComputedStyle(element);
  const colours = backgroundImage.match(/rgba?\([^)]*\)/g) ?? [], id = `ground-${size.x}-${size.y}`;
  const stops = colours.map((colour, index) => svg("stop", { "offset": index / (colours.length - 1), "stop-color": colour }));
  const fill = colours.length > 1 ? `url(#${id})` : backgroundColor;
  return [svg("linearGradient", { id }, ...stops), svg("rect", { ...size, fill, rx: parseFloat(borderRadius) || 0 })];
}

/**
 * @param {Node} node
 * @param {(node: Node, rect: DOMRect) => { x: number, y: number }} place
 * @returns {SVGElement[]}
 */
function part(node, place) {
  if (node instanceof HTMLSelectElement) {
    const text = node.selectedOptions[0]?.textContent ?? "";
    return [written(text, node, place(node, node.getBoundingClientRect()), node.offsetHeight)];
  }
  if (!(node instanceof Element)) {
    const owner = /** @type {Element} */ (node.parentElement);
    return linesOf(node).map(({ text, rect }) => written(text, owner, place(node, rect), rect.height));
  }
  const rect = node.getBoundingClientRect(), { width, height } = rect;
  if (!width || !height) return [];
  const { opacity, imageRendering, color, fontFamily } = getComputedStyle(node);
  const size = { ...place(node, rect), width, height, opacity };
  if (node instanceof HTMLCanvasElement || node instanceof HTMLImageElement) {
    const href = node instanceof HTMLCanvasElement ? node.toDataURL() : node.src;
    const image = svg("image", { ...size, href, preserveAspectRatio: "none" });
    image.style.imageRendering = imageRendering;
    return [image];
  }
  if (node instanceof HTMLElement) return painted(node, size);
  const copy = /** @type {SVGElement} */ (node.cloneNode(true));
  copy.removeAttribute("class");
  for (const [name, value] of Object.entries(size)) copy.setAttribute(name, String(value));
  Object.assign(copy.style, { overflow: "hidden", background: "none", position: "", color, fontFamily });
  return [copy];
}

/**
 * The lines of a text, as it is broken on the page.
 * @param {Node} node
 * @returns {{ text: string, rect: DOMRect }[]}
 */
function linesOf(node) {
  const range = document.createRange(), text = node.textContent ?? "";
  /** @type {{ text: string, rect: DOMRect }[]} */
  const lines = [];
  for (const { 0: word, index } of text.matchAll(/\S+\s*/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.trimEnd().length);
    const rect = range.getClientRects()[0], last = lines.at(-1);
    if (!rect?.width) continue;
    if (last && Math.abs(last.rect.y - rect.y) < 2) last.text += word;
    else lines.push({ text: word, rect });
  }
  return lines;
}

/**
 * A line of text, in the type that an element has.
 * @param {string} text
 * @param {Element} element
 * @param {{ x: number, y: number }} at
 * @param {number} height
 */
function written(text, element, { x, y }, height) {
  const { color, fontFamily, fontSize, fontStyle, fontWeight, letterSpacing } = getComputedStyle(element);
  const pen = document.createElement("canvas").getContext("2d");
  let base = y + 0.8 * height;
  if (pen) {
    pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText(text);
    base = y + (height - up - down) / 2 + up;
  }
  const line = svg("text", { x, y: base, fill: color }, text.trimEnd());
  Object.assign(line.style, { fontFamily, fontSize, fontStyle, fontWeight, letterSpacing });
  return line;
}

/**
 * A picture as pixels, so many for each of the page's.
 * @param {Drawn} picture
 * @param {number} times
 * @returns {Promise<Blob>}
 */
export async function pixels({ markup, width, height }, times) {
  const address = URL.createObjectURL(new Blob([markup], { type: "image/svg+xml" }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [times * width, times * height];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(blob)), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
