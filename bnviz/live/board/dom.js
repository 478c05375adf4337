// Elements, without ever turning text into markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * What an element is made with: its own properties, attributes for those who hear the page, and handlers.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @typedef {Omit<Partial<HTMLElementTagNameMap[Tag]>, "role"> & { role?: string, on?: Record<string, (event: Event) => void> }
 *   & { [name: `aria-${string}`]: string }} Properties
 */

/**
 * An element with properties, attributes (`role`, `aria-...`), handlers (`on`) and children; text becomes text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties<Tag>} [properties]
 * @param {(Node | string)[]} children
 */
export function make(tag, properties, ...children) {
  const { on = {}, ...own } = properties ?? {};
  const element = document.createElement(tag);
  for (const [event, handler] of Object.entries(on)) element.addEventListener(event, handler);
  for (const [name, value] of Object.entries(own)) {
    if (name === "role" || name.startsWith("aria-")) element.setAttribute(name, String(value));
    else Reflect.set(element, name, value);
  }
  element.append(...children);
  return element;
}

/**
 * An element of a drawing, with attributes and children; text becomes text.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * A 24 x 24 icon of paths, in the colour of the text around it.
 * @param {string[]} paths
 */
export function icon(...paths) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths.map((d) => svg("path", { d })));
}

/**
 * Writes text only where it differs.
 * @param {Node} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
