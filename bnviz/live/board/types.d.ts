// What travels to the board and what a chart's template says, as types: checked by `make js`, never sent to a browser.

// -- messages of the server and to it

export interface Column {
  name: string;
  dtype: "f4" | "u1";
  length: number;
  /** What has to be watched for a row to hold it; nothing for what every row holds. */
  watch?: string;
}

export type Packed = Float32Array | Uint8Array;

/** One snapshot of a run: every column's vector. */
export interface Row {
  step: number;
  epoch: number;
  caption: string;
  values: Record<string, Packed>;
}

/** A layer and a unit of it, both from 1. */
export type Unit = [number, number];

/** What is read of the unit that is open, at one step: every arm's column by its name. */
export interface Looked {
  step: number;
  values: Record<string, Float32Array>;
}

export interface Setup {
  kind: "setup";
  run: number;
  label: "recorded" | "live";
  /** What is trained, as far as the board reads it; a change is [step, rate, arm or all]. */
  experiment: { arms: Record<string, { learning_rate: number }>; changes?: [number, number, string | null][] };
  about: string;
  /** Of a drawing the pixels of one side; 0 where nobody has learned digits. */
  drawn: number;
  arms: { name: string; label: string; role: string }[];
  seeds: number[];
  columns: Column[];
  /** Those that come by themselves, while a unit is open. */
  apart: { name: string; length: number }[];
  charts: ChartSpec[];
}

/** [step, words]: where something was done to the run. */
export type Happening = [number, string];

export interface State {
  kind: "state";
  run: number;
  state: string;
  position: number;
  estimate_seconds: number | null;
  message: string;
  rates: Record<string, number>;
  speed: number;
  /** The step that a live run trains to, if it has one. */
  goal: number | null;
  /** How many learning rates were set by hand in this session: each makes another address. */
  turns: number;
  /** Whether a recording plays, and its last step. */
  plays: boolean;
  last: number | null;
  /** Whether there is no server that could train it: play plays the recording. */
  alone?: boolean;
  steps_per_second: number | null;
  events: Happening[];
}

/** What is answered of a drawing: arm to the shares of the classes, in train and in eval mode. */
export interface Drawn {
  kind: "answer";
  run: number;
  step: number;
  number: number;
  arms: Record<string, number[][]>;
}

export type Command =
  | { do: "draw"; number: number; pixels: string }
  | { do: "play" | "pause" | "step" | "epoch" | "reset" | "again" | "replay" }
  | { do: "speed"; value: number }
  | { do: "open"; layer: number; unit: number; back: boolean }
  | { do: "ack"; run: number; step: number };

/** Why a connection ended: nobody has this token, another page took the place, or anything else. */
export type Closed = "lost" | "replaced" | "dropped";

// -- the page, which mounts the board as a component

/**
 * What is seen: everything; one chart, without a button or to be run here; one chart, the others on demand; what fits
 * into another page; what fills the screen of a lecture.
 */
export type Mode = "" | "picture" | "picture-here" | "trial" | "embed" | "present";

/** What is done with the messages that a board gets: bnviz/live/board/connection.js. */
export type Hearing = import("./connection.js").ConnectionHandlers<Setup | State | Drawn>;

/** Where a board's messages come from and its commands go: a connection, or what a page carries with itself. */
export interface Source {
  readonly ready: boolean;
  open(): void;
  send(command: Command): void;
  end(): void;
}

/**
 * The socket's path, plotly.js's, what is seen, how often the reader was sent here from elsewhere on the page, the charts
 * that are there (none: all), and what a lecture says of them.
 */
export interface BoardData {
  live: string;
  plotly: string | Promise<string>;
  mode: Mode;
  arrivals: number;
  /** Without a server: what stands in for its socket. */
  source?: (hears: Hearing) => Source;
  charts?: string[];
  sentence?: string;
}
export type Trigger = (name: "lost" | "new_seed" | "goal" | "turned" | "back" | "next" | "pressed", value: unknown) => void;
export interface Mounted {
  parentElement: Element;
  data: BoardData;
  setTriggerValue: Trigger;
}

// -- templates: bnviz/charts/bindings.py

export type Numbers = ArrayLike<number> & Iterable<number>;
export type Picks = Record<string, number>;
export type Range = [number, number];

export interface Series {
  series: string;
  pick?: Record<string, number[]>;
}
export interface Part {
  from?: number;
  to?: number;
  times?: number;
  within?: Range;
  plus?: number;
}
export interface AtCursor extends Part {
  row: string;
  wide?: number;
}
interface AtFirst extends Part {
  first: string;
}
interface Rank extends Part {
  rank: string;
}
/** A part of every row, as the columns of a density map. */
export interface Density {
  rows: string;
  from: number;
  to: number;
  power: number;
}
/** Parts of rows at equal distances of the step axis, or their steps and what is added to them. */
export type Ridges = { ridges: string; from?: number; to?: number; then?: number[] } | { ridges: "step"; at: number[] };
interface Only {
  only: Binding;
  where: Binding;
  is: number[];
}
export interface AtStep {
  at: string;
  series: string;
}
type Values = { values: (number | null)[] };
type Several = { join: Binding[] } | { weave: Binding[] } | Only;
export type Binding = Values | Several | AtStep | Ridges | Series | AtCursor | AtFirst | Rank;

export interface Covers {
  covers: (Series | AtCursor)[];
  least?: Range;
  log?: boolean;
  decades?: number;
  most?: number;
}
export type AxisRule = { steps: true; ridges?: true } | Covers;

/** The picture of one network: bnviz/charts/networks.py. */
export interface NetworkBinding {
  columns: { layer: number; x: number; y: number[] }[];
  bundles: [number, number][];
  weights: { row: string };
  answers: { row: string };
  pictures: { row: string };
  inputs: { values: number[] };
  answer: number;
  wide: number;
  zero: number;
  foot: number;
  side: number;
  half: [number, number];
  lines: [number, number, number][];
}

/** What pictures need of the page's colours. */
export interface Colours {
  dim: number;
  colour(word: string): string;
  signed(zero: number): Uint32Array;
}

export interface TraceMeta {
  arm: string;
  role: string;
  label?: string;
  beside?: "middle";
  flag?: boolean;
  strokes?: boolean;
  network?: NetworkBinding;
  x?: Binding;
  y?: Binding;
  z?: (AtCursor & { wide: number }) | Density;
  lower?: Binding;
  upper?: Binding;
}

/** What a trace shows now: points, or the values of a map. */
export interface Shown {
  x?: Numbers;
  y?: Numbers;
  z?: Numbers;
}

export interface Trace {
  type: "scatter" | "heatmap";
  name?: string;
  meta: TraceMeta;
  mode: string;
  xaxis?: string;
  yaxis?: string;
  x?: Numbers;
  y?: Numbers;
  z?: number[][] | Numbers;
  opacity?: number;
  visible?: boolean;
  colorscale?: unknown;
  fill?: string;
  fillcolor?: string;
  line: { color: string; width: number; dash?: string };
  marker: { color: string; size: number; symbol?: string };
  texttemplate?: string;
  textposition?: string;
}

export interface Axis {
  type?: "log" | "linear";
  range: Range;
  domain?: Range;
  anchor?: string;
  nticks: number;
  tick0?: number;
  dtick?: number;
  tickvals?: number[];
  ticktext?: string[];
  tickformat?: string;
  labelalias?: Record<string, string>;
  tickfont: { size: number; color: string };
  ticklabelstandoff: number;
  showticklabels?: boolean;
  showgrid?: boolean;
  gridcolor: string;
}

export interface Annotation {
  name?: string;
  text: string;
  x: number;
  y: number;
  xref: string;
  yref: string;
  xanchor?: "left" | "center" | "right";
  yanchor?: "top" | "middle" | "bottom";
  xshift?: number;
  yshift?: number;
  showarrow: boolean;
  font: { size: number; color: string };
}

export interface Shape {
  type: string;
  xref: string;
  yref: string;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  fillcolor?: string;
  line: { color?: string; width: number };
}

export type AxisName = `${"x" | "y"}axis${"" | number}`;

export type Layout = { [axis in AxisName]: Axis } & {
  height: number;
  width?: number;
  margin: { l: number; r: number; t: number; b: number };
  font: { family: string };
  annotations: Annotation[];
  shapes: Shape[];
  uirevision?: unknown;
};

/** Where units stand in a picture of all of them: layers so far apart, each so wide; arms in rows, units by rank. */
export interface UnitPlaces {
  pitch: number;
  reach: number;
  rows: { label: string; yaxis: string; layers: number[]; ranks: Binding[] }[];
}

/** A template's layout: the rules of its axes, the columns and rows of square panels, ... (bnviz/charts/bindings.py) */
export type RuledLayout = Layout & {
  meta: {
    axes: { [axis in AxisName]?: AxisRule };
    squares?: [number, number];
    panels?: number;
    caption?: (string | Binding)[];
    units?: UnitPlaces;
    /** Drawn without plotly.js: no trace is plotly's. */
    own?: boolean;
    /** On a stage: as tall as its place, its letters so many times as large; pixels for an arm's name, and of its template. */
    fills?: number;
    names?: number;
    least?: number;
    table?: { title: string; rows: string[]; columns: [string, Binding][] };
  };
};

export interface Figure {
  data: Trace[];
  layout: Layout;
}

export interface ChartSpec {
  name: string;
  title: string;
  look_for: string[];
  size: string;
  /** The chart that a click on a unit opens. */
  opens: string;
  /** Why there may be nothing to draw yet. */
  empty: string;
  choices: Record<string, number[]>;
  data: Trace[];
  layout: RuledLayout;
}

// -- the map: bnviz/charts/canvas.py

/** An axis of the map: the value at each pixel, and ticks as [share of the length, words]. */
export interface MapAxis {
  label: string;
  title: string;
  values: number[];
  ticks: [number, string][];
}

export interface MapScale {
  title: string;
  low: number;
  high: number;
  log: boolean;
  stops: string[];
  ticks: [number, string][];
  /** What has no place on the scale, in the light and in the dark look. */
  flat: [string, string];
  /** The kind of network that has none, and how that is called. */
  without: [number, string];
}

type ScaleEnds = Pick<MapScale, "low" | "high" | "ticks">;

export interface MapArm {
  arm: string;
  label: string;
  role: string;
}

/** What stays the same for all of a map. */
export interface MapSetup {
  map: string;
  cells: number;
  x: MapAxis;
  y: MapAxis;
  arms: MapArm[];
  /** The names of what is sent of every network. */
  results: string[];
  scales: Record<string, Omit<MapScale, "low" | "high" | "ticks">>;
}

/** What is said of a map so far. */
export interface MapWords {
  notes: Record<string, string>;
  comparison: string;
  threshold: string;
  ends: Record<string, ScaleEnds>;
}

// -- figures: bnviz/ui/figure_painter.py

/** Where a job stands that a page shows; its `stage` is what the page's buttons depend on. */
export interface Told {
  kind: "state";
  run: number;
  state: string;
  stage: string;
  share: number | null;
  sentence: string;
}

/** A figure with its words; `key` names what it shows, `waiting` is said where it has no row yet. */
export interface DrawnFigure {
  figure: { data: object[]; layout: { height: number } };
  key: string;
  name: string;
  waiting: string;
  /** Every point of the figure, where it is not listed elsewhere on the page. */
  numbers?: { columns: string[]; rows: string[][] };
  sentences: string[];
  heading?: string;
  table?: { columns: string[]; rows: string[][] };
  notes?: string[];
}

// -- plotly.js, as far as the board knows its insides

/** An axis that is drawn: where it stands, and where a value stands on it. */
export interface DrawnAxis {
  _offset: number;
  _length: number;
  c2p(value: number): number;
}

export type DrawnAxes = { [axis in AxisName]: DrawnAxis } & { width: number };

/** A point as plotly has calculated it. */
export interface Calculated {
  i: number;
  x?: number;
  y?: number;
}

export interface PlotElement extends HTMLElement {
  data?: object[];
  layout?: { [axis in AxisName]?: { range: Range } };
  calcdata?: Calculated[][];
  on?(event: string, handler: (detail: { points: { x: number }[] }) => void): void;
  _dragging?: boolean;
  _fullData?: object[];
  _fullLayout?: DrawnAxes & { _basePlotModules: { name: string; plot(place: PlotElement): void }[] };
}

declare global {
  interface Window {
    Plotly?: {
      react(place: PlotElement, data: object[], layout: object, config: object): Promise<unknown>;
      purge(place: PlotElement): void;
    };
    /** Runs plotly.js, which bnviz/live/plotlyjs.py wraps into a function. */
    bnvizPlotly?: () => void;
  }
}
