// Elements, without ever turning text into markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties and children; text becomes text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** An element of a drawing, with attributes and children; text becomes text. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A 24 x 24 icon of paths, in the colour of the text around it. */
export function icon(...paths) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, ...paths.map((d) => svg("path", { d })));
}

/** Writes text only where it differs. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A number as it is said: three digits, small ones with a power of ten. */
export function say(value) {
  if (!Number.isFinite(value)) return "no finite value";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}
