// The picture of a network: weights as lines, and what every unit answers as a little map or as bars, on one canvas over
// plotly's axes. Where everything stands is said by the template (bnviz/charts/networks.py).

import { evaluate } from "./bindings.js";
import { placeOver } from "./canvas.js";
import { axisOf } from "./overlay.js";
import { Tiles } from "./tiles.js";

/** @import { Colours, DrawnAxes, NetworkBinding, Numbers, PlotElement, Trace } from "./types.js" */
/** @import { Scene } from "./chart.js" */
/** @import { Unit } from "./units.js" */

/** What a network is drawn on: the canvas, pixels of a place, and of half a unit. */
class Ground {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Trace} trace
   * @param {DrawnAxes} drawn
   * @param {[number, number]} half
   */
  constructor(context, { xaxis, yaxis }, drawn, [wide, high]) {
    const across = drawn[axisOf(xaxis ?? "x")], up = drawn[axisOf(yaxis)];
    this.context = context;
    this.x = (/** @type {number} */ at) => across._offset + across.c2p(at);
    this.y = (/** @type {number} */ at) => up._offset + up.c2p(at);
    this.wide = wide * (across.c2p(1) - across.c2p(0));
    this.high = high * (up.c2p(1) - up.c2p(0));
    this.square = Math.min(1.2 * this.wide, this.high);
  }
}

const UNREAD = 255, MIDDLE = 127, LEVELS = 254;
const SIGNED = /** @type {const} */ ([[-1, "plain"], [1, "bn"]]); // whose hues are those of negative and positive numbers

/** The networks of one chart: the traces that say so. */
export class Networks {
  /** @type {HTMLCanvasElement | null} */
  canvas = null;
  /** Whether nothing of any network was read at the row that is drawn. */
  unread = false;
  /** The unit whose weights alone are seen, in every network. @type {Unit | null} */
  pointed = null;
  tiles = new Tiles();

  /** @param {Trace[]} traces */
  constructor(traces) {
    this.own = traces.filter(({ meta }) => meta.network);
  }

  /** @param {PlotElement} plot */
  place(plot) {
    if (this.own.length) this.canvas = placeOver(plot, this.canvas, "bnviz-network");
  }

  /**
   * Draws every network anew.
   * @param {Scene} scene
   * @param {DrawnAxes} drawn
   */
  draw({ rows, cursor, paint, dimmed }, drawn) {
    const context = this.canvas?.getContext("2d");
    if (!this.canvas || !context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.unread = true;
    for (const trace of this.own) {
      const { network, arm, role } = trace.meta;
      if (!network) continue;
      const read = (/** @type {{ row: string }} */ binding) => evaluate(binding, rows, cursor, {});
      const answers = read(network.answers), ground = new Ground(context, trace, drawn, network.half);
      if (answers[answers.length - 1] !== UNREAD) this.unread = false;
      const alpha = dimmed.has(arm) ? paint.dim : 1;
      this.drawWeights(ground, network, read(network.weights), paint, alpha);
      Object.assign(context, { globalAlpha: alpha, strokeStyle: paint.colour("grid"), lineWidth: 1 });
      this.drawUnits(ground, network, answers, read(network.pictures), { paint, role });
    }
    this.canvas.dataset.step = String(rows.steps[cursor]);
  }

  /**
   * Lines from unit to unit, weak ones first; the weakest not at all.
   * @param {Ground} ground
   * @param {NetworkBinding} network
   * @param {Numbers} weights
   * @param {Colours} paint
   * @param {number} alpha
   */
  drawWeights({ context, x, y, wide, square }, { bundles, columns, lines, wide: map }, weights, paint, alpha) {
    const paths = lines.map(() => SIGNED.map(() => new Path2D())), edge = map ? square : wide;
    let at = 0;
    for (const [below, above] of bundles) {
      const [left, right] = [below, above].map((layer) => columns.find((column) => column.layer === layer) ?? columns[0]);
      const x0 = x(left.x) + edge, x1 = x(right.x) - edge;
      right.y.forEach((toY, to) => left.y.forEach((fromY, from) => {
        const value = (weights[at] - MIDDLE) / MIDDLE;
        at += 1;
        if (weights[at - 1] === UNREAD || !this.isSeen(below, from, above, to)) return;
        const bin = lines.filter(([low]) => Math.abs(value) >= low).length - 1;
        if (bin < 0) return;
        const path = paths[bin][value < 0 ? 0 : 1];
        path.moveTo(x0, y(fromY));
        path.lineTo(x1, y(toY));
      }));
    }
    lines.forEach(([, width, opacity], bin) => SIGNED.forEach(([, role], sign) => {
      Object.assign(context, { strokeStyle: paint.colour(`arm:${role}`), lineWidth: width, globalAlpha: alpha * opacity });
      context.stroke(paths[bin][sign]);
    }));
  }

  /**
   * Whether a weight is drawn: all are, or those of the unit that is pointed at.
   * @param {number} below
   * @param {number} from
   * @param {number} above
   * @param {number} to
   */
  isSeen(below, from, above, to) {
    if (!this.pointed) return true;
    const { layer, unit } = this.pointed;
    return (below === layer && from === unit - 1) || (above === layer && to === unit - 1);
  }

  /**
   * What every unit answers; before the first layer the points' features, or its weights for the pixels.
   * @param {Ground} ground
   * @param {NetworkBinding} network
   * @param {Numbers} answers
   * @param {Numbers} pictures
   * @param {{ paint: Colours, role: string }} look
   */
  drawUnits(ground, { columns, answer, wide, zero, foot, inputs, side }, answers, pictures, { paint, role }) {
    const [first, ...others] = columns, hidden = others.slice(0, -1), output = others.slice(-1);
    const inside = answer * hidden.reduce((sum, { y }) => sum + y.length, 0);
    const parts = /** @type {const} */ ([[hidden, 0, inside, zero, foot], [output, inside, answers.length, 0, 0]]);
    for (const [some, from, to, middle, bottom] of parts) {
      const own = Array.prototype.slice.call(answers, from, to);
      if (wide) this.tiles.draw(ground, some, own, { wide, ramp: paint.signed(middle), upright: true });
      else drawBars(ground, some, own, { foot: bottom, colour: paint.colour(`arm:${role}`), plate: paint.colour("sunk") });
    }
    const before = wide ? { ...first, values: inputs.values } : { x: first.x, y: hidden[0].y, values: pictures };
    this.tiles.draw(ground, [before], before.values, { wide: wide || side, ramp: paint.signed(MIDDLE), upright: wide > 0 });
  }

  remove() {
    this.canvas?.remove();
  }
}

/**
 * A little bar a class in every unit, from where the answer 0 stands.
 * @param {Ground} ground
 * @param {{ x: number, y: number[] }[]} columns
 * @param {number[]} answers
 * @param {{ foot: number, colour: string, plate: string }} look
 */
function drawBars({ context, x, y, wide, high }, columns, answers, { foot, colour, plate }) {
  const units = columns.flatMap((column) => column.y.map((at) => [x(column.x) - wide, y(at) + high]));
  const count = answers.length / units.length, pitch = (2 * wide) / count, level = (2 * high) / LEVELS;
  context.fillStyle = plate;
  for (const [left, bottom] of units) context.fillRect(left, bottom - 2 * high, 2 * wide, 2 * high);
  context.fillStyle = colour;
  units.forEach(([left, bottom], unit) => {
    for (let k = 0; k < count; k += 1) {
      const value = answers[unit * count + k];
      if (value === UNREAD) continue;
      context.fillRect(left + (k + 0.15) * pitch, bottom - value * level, 0.7 * pitch, (value - foot) * level);
    }
  });
}
