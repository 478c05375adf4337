// Colours: the words of bnviz/charts/theme.py become the colours of the look that the page has now.

/** @import { Numbers } from "./types.js" */
/** @typedef {[number, number, number]} Colour   red, green, blue: 0-255 */

const CLASSES = 5;

/**
 * Light or dark, from the page's own background; the system's wish where the page has none or its colours are forced;
 * light on paper.
 * @param {Element} element
 */
export function lookOf(element) {
  if (matchMedia("print").matches) return "light";
  const page = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const light = page ? luminance(page) : null;
  if (light !== null && !matchMedia("(forced-colors: active)").matches) return light < 0.4 ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * Gives a board the page's look, and the height of the page's bar; returns its colours.
 * @param {HTMLElement} root
 */
export function dressed(root) {
  root.dataset.look = lookOf(root.parentElement ?? document.body);
  const header = document.querySelector('[data-testid="stHeader"]');
  root.style.setProperty("--bnviz-top", `${header instanceof HTMLElement ? header.offsetHeight : 0}px`);
  return Paint.of(root);
}

/**
 * How bright a colour of CSS is, from 0 to 1; null where it is not opaque or no colour.
 * @param {string} colour
 */
function luminance(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  if (!probe) return null;
  probe.fillStyle = "#000";
  probe.fillStyle = colour;
  if (!probe.fillStyle.startsWith("#")) return null;
  const [red, green, blue] = rgb(probe.fillStyle);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/**
 * @param {string} hexadecimal   as in `#0B6BB5`
 * @returns {Colour}
 */
export function rgb(hexadecimal) {
  const part = (/** @type {number} */ start) => parseInt(hexadecimal.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}

/**
 * The colour a share of the way from one to another.
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share
 * @returns {Colour}
 */
export function mixed(from, to, share) {
  const part = (/** @type {0 | 1 | 2} */ index) => Math.round(from[index] + share * (to[index] - from[index]));
  return [part(0), part(1), part(2)];
}

/** The colours of one look: `colour(word)`, a whole figure, and the pixels of a map of classes. */
export class Paint {
  /** @param {(name: string) => string} read   what a variable of the look says, without `--bnviz-` */
  constructor(read) {
    this.read = read;
    this.band = Number(read("band-opacity"));
    this.dim = Number(read("dim-opacity"));
    this.classes = Array.from({ length: CLASSES }, (_, index) => rgb(read(`class-${index}`)));
    this.surface = rgb(read("card"));
    /** @type {Map<string, string>} */
    this.known = new Map();
    /** @type {Map<string, Uint32Array>} */
    this.ramps = new Map();
  }

  /**
   * The paint of an element's look.
   * @param {Element} element
   */
  static of(element) {
    const style = getComputedStyle(element);
    return new Paint((name) => style.getPropertyValue(`--bnviz-${name}`).trim());
  }

  /** @param {string} word */
  colour(word) {
    const colour = this.known.get(word) ?? this.find(word);
    this.known.set(word, colour);
    return colour;
  }

  /** @param {string} word */
  find(word) {
    const [kind, role] = word.split(":");
    if (kind === "arm") return this.read(role);
    if (kind === "band") return `rgba(${rgb(this.read(role))},${this.band})`;
    return this.read(word) || word;
  }

  /**
   * The 256 colours of a density map in an arm's hues, from the surface to its deep end, each as the four bytes of a
   * pixel.
   * @param {string} role
   */
  ramp(role) {
    const known = this.ramps.get(role);
    if (known) return known;
    const [surface, middle, deep] = ["card", role, `deep-${role}`].map((name) => rgb(this.read(name)));
    const turn = Number(this.read("ramp-middle"));
    const at = (/** @type {number} */ share) =>
      share < turn ? mixed(surface, middle, share / turn) : mixed(middle, deep, (share - turn) / (1 - turn));
    const bytes = Uint8Array.from(Array.from({ length: 256 }, (_, index) => [...at(index / 255), 255]).flat());
    const ramp = new Uint32Array(bytes.buffer);
    this.ramps.set(role, ramp);
    return ramp;
  }

  /**
   * The colours of bytes with a sign, each as the four bytes of a pixel: plain's hue below `zero`, the surface there, BN's
   * hue above; 255 is nothing.
   * @param {number} zero
   */
  signed(zero) {
    const known = this.ramps.get(`signed:${zero}`);
    if (known) return known;
    const [negative, positive] = ["plain", "bn"].map((name) => rgb(this.read(name)));
    const at = (/** @type {number} */ value) => (value < zero
      ? mixed(this.surface, negative, (zero - value) / zero) : mixed(this.surface, positive, (value - zero) / (254 - zero)));
    const bytes = Array.from({ length: 256 }, (_, value) => (value === 255 ? [0, 0, 0, 0] : [...at(value), 255]));
    const ramp = new Uint32Array(Uint8Array.from(bytes.flat()).buffer);
    this.ramps.set(`signed:${zero}`, ramp);
    return ramp;
  }

  /**
   * A copy of a figure with every colour word replaced; a `meta` stays as it is.
   * @template Part
   * @param {Part} part
   * @returns {Part}
   */
  whole(part) {
    return /** @type {Part} */ (this.replaced(part, ""));
  }

  /**
   * @param {unknown} part
   * @param {string} key
   * @returns {unknown}
   */
  replaced(part, key) {
    if (Array.isArray(part)) return part.map((inner) => this.replaced(inner, ""));
    if (part && typeof part === "object") {
      const parts = Object.entries(part).map(([name, inner]) => [name, name === "meta" ? inner : this.replaced(inner, name)]);
      return Object.fromEntries(parts);
    }
    return typeof part === "string" && key.toLowerCase().endsWith("color") ? this.colour(part) : part;
  }

  /**
   * The pixels (RGBA, from the top) of a map of classes, given from the bottom: 50 values a class, from the surface
   * (a guess) to the class's colour (sure); 255 is nothing.
   * @param {Numbers} values
   * @param {number} wide
   */
  pixels(values, wide) {
    const pixels = new Uint8ClampedArray(4 * values.length);
    const high = values.length / wide;
    Array.from(values).forEach((value, index) => {
      if (value === 255) return;
      const row = high - 1 - Math.floor(index / wide), at = 4 * (row * wide + (index % wide));
      const strong = this.classes[Math.min(CLASSES - 1, Math.floor(value / 50))];
      pixels.set([...mixed(this.surface, strong, 0.12 + (0.88 * (value % 50)) / 50), 255], at);
    });
    return pixels;
  }

  /**
   * The pixels (RGBA, from the top) of bytes, given from the bottom, in the colours of a scale: `ramp:bn`, `signed:0.5`;
   * 255 is nothing.
   * @param {Numbers} values
   * @param {number} wide
   * @param {string} scale
   */
  shades(values, wide, scale) {
    const [kind, rest] = scale.split(":"), high = values.length / wide;
    const colours = kind === "signed" ? this.signed(Math.round(254 * Number(rest))) : this.ramp(rest);
    const pixels = new Uint32Array(values.length);
    Array.from(values).forEach((value, index) => {
      if (value !== 255) pixels[(high - 1 - Math.floor(index / wide)) * wide + (index % wide)] = colours[value];
    });
    return new Uint8ClampedArray(pixels.buffer);
  }

  /**
   * A map as the address of a small picture, in the colours of a scale.
   * @param {Numbers} values
   * @param {number} wide
   * @param {string} scale
   */
  map(values, wide, scale) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [wide, values.length / wide];
    const pixels = scale === "classes" ? this.pixels(values, wide) : this.shades(values, wide, scale);
    canvas.getContext("2d")?.putImageData(new ImageData(pixels, wide), 0, 0);
    return canvas.toDataURL();
  }
}
