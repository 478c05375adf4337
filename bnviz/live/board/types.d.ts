// What travels to the board and what a chart's template says, as types: checked by `make js`, never sent to a browser.

// -- messages of the server and to it

export interface Column {
  name: string;
  dtype: "f4" | "u1";
  length: number;
}

export type Packed = Float32Array | Uint8Array;

/** One snapshot of a run: every column's vector. */
export interface Row {
  step: number;
  epoch: number;
  caption: string;
  values: Record<string, Packed>;
}

export interface Setup {
  kind: "setup";
  run: number;
  about: string;
  arms: { name: string; label: string }[];
  seeds: number[];
  columns: Column[];
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
  steps_per_second: number | null;
  events: Happening[];
}

export type Command =
  | { do: "play" | "pause" | "step" | "epoch" | "reset" | "again" | "replay" }
  | { do: "speed"; value: number }
  | { do: "ack"; run: number; step: number };

/** Why a connection ended: nobody has this token, another page took the place, or anything else. */
export type Closed = "lost" | "replaced" | "dropped";

// -- the page, which mounts the board as a component

/** What is seen: everything; one chart and no buttons; one chart, the others on demand. */
export type Mode = "" | "picture" | "trial";

/** The socket's path, plotly.js's, what is seen, and how often the reader was sent here from elsewhere on the page. */
export interface BoardData {
  live: string;
  plotly: string;
  mode: Mode;
  arrivals: number;
}
export type Trigger = (name: "lost" | "new_seed" | "goal" | "turned", value: unknown) => void;
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
export type Binding = Values | Several | AtStep | Series | AtCursor | AtFirst | Rank;

export interface Covers {
  covers: (Series | AtCursor)[];
  least?: Range;
  log?: boolean;
  decades?: number;
  most?: number;
}
export type AxisRule = { steps: true } | Covers;

export interface TraceMeta {
  arm: string;
  role: string;
  label?: string;
  beside?: "middle";
  flag?: boolean;
  strokes?: boolean;
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
  tickfont: { size: number; color: string };
  ticklabelstandoff: number;
  showticklabels?: boolean;
  showgrid?: boolean;
  gridcolor: string;
}

export interface Annotation {
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

export type AxisName = `${"x" | "y"}axis${"" | number}`;

export type Layout = { [axis in AxisName]: Axis } & {
  height: number;
  width?: number;
  margin: { l: number; r: number; t: number; b: number };
  font: { family: string };
  annotations: Annotation[];
  shapes: object[];
  uirevision?: unknown;
};

/** A template's layout: the rules of its axes, the columns and rows of square panels, ... (bnviz/charts/bindings.py) */
export type RuledLayout = Layout & {
  meta: {
    axes: { [axis in AxisName]?: AxisRule };
    squares?: [number, number];
    panels?: number;
    caption?: (string | Binding)[];
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
  waiting: string;
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
