// Colours: the words of bnviz/charts/theme.py become the colours of the look that the page has now.

const CLASSES = 5;

/** Light or dark, from the page's own background; the system's wish where the page has none. */
export function lookOf(element) {
  const style = getComputedStyle(element);
  const page = style.getPropertyValue("--st-background-color").trim();
  const light = page ? luminance(page) : null;
  if (light !== null) return light < 0.4 ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function luminance(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = "#000";
  probe.fillStyle = colour;
  const parts = probe.fillStyle.match(/[0-9a-f]{2}/gi);
  if (!probe.fillStyle.startsWith("#") || !parts) return null;
  const [red, green, blue] = parts.map((part) => parseInt(part, 16) / 255);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colours of an element's look: `paint.colour(word)` and `paint.whole(figure)`. */
export class Paint {
  constructor(element) {
    const style = getComputedStyle(element);
    this.read = (name) => style.getPropertyValue(`--bnviz-${name}`).trim();
    this.band = Number(this.read("band-opacity"));
    this.dim = Number(this.read("dim-opacity"));
    this.known = new Map();
    this.classes = Array.from({ length: CLASSES }, (_, index) => this.rgb(this.read(`class-${index}`)));
    this.surface = this.rgb(this.read("card"));
  }

  rgb(hexadecimal) {
    return [1, 3, 5].map((start) => parseInt(hexadecimal.slice(start, start + 2), 16));
  }

  colour(word) {
    if (!this.known.has(word)) this.known.set(word, this.find(word));
    return this.known.get(word);
  }

  find(word) {
    const [kind, role] = word.split(":");
    if (kind === "arm") return this.read(role);
    if (kind === "band") return `rgba(${this.rgb(this.read(role))},${this.band})`;
    return this.read(word) || word;
  }

  /** A copy of a figure with every colour word replaced. */
  whole(part, key = "") {
    if (Array.isArray(part)) return part.map((inner) => this.whole(inner));
    if (part && typeof part === "object") {
      const copy = {};
      for (const name in part) copy[name] = name === "meta" ? part[name] : this.whole(part[name], name);
      return copy;
    }
    const isColour = typeof part === "string" && key.toLowerCase().endsWith("color");
    return isColour ? this.colour(part) : part;
  }

  /** A decision map as a small picture: 50 values a class, from the surface (a guess) to the class's colour (sure). */
  map(values, wide) {
    const canvas = document.createElement("canvas");
    canvas.width = wide;
    canvas.height = values.length / wide;
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    values.forEach((value, index) => {
      const row = canvas.height - 1 - Math.floor(index / wide);
      const at = 4 * (row * wide + (index % wide));
      if (value === 255) return;
      const strong = this.classes[Math.min(CLASSES - 1, Math.floor(value / 50))];
      const share = 0.12 + (0.88 * (value % 50)) / 50;
      for (let part = 0; part < 3; part += 1) {
        image.data[at + part] = (1 - share) * this.surface[part] + share * strong[part];
      }
      image.data[at + 3] = 255;
    });
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }
}
