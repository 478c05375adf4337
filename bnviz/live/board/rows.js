// The rows of one run, oldest first, in bounded memory. When they are full, every second one goes.

const CAPACITY = 600;

export class Rows {
  constructor(columns, capacity = CAPACITY) {
    this.columns = columns;
    this.capacity = capacity;
    this.steps = [];
    this.epochs = [];
    this.captions = [];
    this.seen = 0;
    this.stride = 1;
    this.version = 0;
    this.values = {};
    for (const { name, dtype, length } of columns) {
      const Kind = dtype === "u1" ? Uint8Array : Float32Array;
      this.values[name] = { length, data: new Kind((capacity + 1) * length) };
    }
  }

  get length() {
    return this.steps.length;
  }

  get last() {
    return this.steps.length - 1;
  }

  /** Keeps a row that is newer than all others; says whether it was. The newest row is always kept. */
  add(row) {
    if (this.length && row.step <= this.steps[this.last]) return false;
    if (this.length && (this.seen - 1) % this.stride) this.drop();
    const at = this.length;
    this.steps.push(row.step);
    this.epochs.push(row.epoch);
    this.captions.push(row.caption);
    for (const name in this.values) this.values[name].data.set(row.values[name], at * this.values[name].length);
    this.seen += 1;
    if (this.length > this.capacity) this.halve();
    this.version += 1;
    return true;
  }

  drop() {
    this.steps.pop();
    this.epochs.pop();
    this.captions.pop();
  }

  halve() {
    const kept = this.steps.map((_, index) => index).filter((index) => index % 2 === 0 || index === this.last);
    for (const column of Object.values(this.values)) {
      const { data, length } = column;
      kept.forEach((from, to) => data.copyWithin(to * length, from * length, (from + 1) * length));
    }
    for (const list of ["steps", "epochs", "captions"]) this[list] = kept.map((index) => this[list][index]);
    this.stride *= 2;
  }

  /** The vector of a column in one row. */
  row(name, index) {
    const { data, length } = this.values[name];
    return data.subarray(index * length, (index + 1) * length);
  }

  /** One entry of a column in every row. */
  series(name, entry = 0) {
    const { data, length } = this.values[name];
    return Float64Array.from({ length: this.length }, (_, index) => data[index * length + entry]);
  }

  /** The last row that is not later than a step. */
  at(step) {
    let index = this.last;
    while (index > 0 && this.steps[index] > step) index -= 1;
    return index;
  }
}
