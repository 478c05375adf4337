// What a reader would see, counted: chart updates, frames on the wire, blank moments, answers to a press.
window.bench = (() => {
  const charts = () => [...document.querySelectorAll(".bnviz-stage:has(.js-plotly-plot)")];
  const shapes = (chart) => chart.querySelectorAll(".scatterlayer path[d], .heatmaplayer image, canvas[data-step]");
  const print = (chart) => {
    let text = "";
    const seen = (shape) => shape.getAttribute("d") || shape.getAttribute("href") || shape.dataset.step || "";
    for (const shape of shapes(chart)) text += seen(shape).slice(-40);
    return text;
  };
  const isInside = (data) => new TextDecoder().decode(new Uint8Array(data, 4, 60)).includes('"inside"');
  const counted = { frames: 0, bytes: 0, rates: "" };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url, ...rest) {
      super(url, ...rest);
      if (!String(url).includes("/bnviz/")) return;
      this.addEventListener("message", (event) => {
        if (typeof event.data === "string") {
          const { rates } = JSON.parse(event.data);
          if (rates) counted.rates = JSON.stringify(rates);
          return;
        }
        counted.frames += !isInside(event.data); // what belongs to a frame and travels ahead of it
        counted.bytes += event.data.byteLength ?? event.data.size;
      });
    }
  };
  const bench = {
    answered: 0,
    rateAnswered: 0,
    unitAnswered: 0,
    drawn: (by = ".bnviz-sketched, .js-line") => [...document.querySelectorAll(`[data-chart=loss] :is(${by})`)].some(
      (line) => (line.getAttribute("d") ?? "").split(",").length > 2),
    step: () => Number(document.querySelector(".bnviz-count-step .bnviz-value")?.textContent.replace(/\D/g, "") || NaN),
    state: () => document.querySelector(".bnviz-transport")?.dataset.state,
    arm() {
      bench.answered = 0;
      const press = (event) => {
        if (!event.target.closest("button")) return;
        document.removeEventListener("click", press, true);
        const begun = performance.now();
        const before = charts().map(print).join();
        const look = () => {
          if (bench.step() > 0 && charts().map(print).join() !== before) bench.answered = performance.now() - begun;
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      document.addEventListener("click", press, true);
    },
    armRate() {
      bench.rateAnswered = 0;
      const before = counted.rates;
      const press = () => {
        document.removeEventListener("keydown", press, true);
        const begun = performance.now();
        const look = () => {
          if (counted.rates !== before) bench.rateAnswered = performance.now() - begun;
          else setTimeout(look, 2);
        };
        look();
      };
      document.addEventListener("keydown", press, true);
    },
    armUnit() {
      bench.unitAnswered = 0;
      const said = () => document.querySelector("[data-chart=inside] .bnviz-told").textContent;
      const before = said();
      const press = (event) => {
        if (!event.target.closest(".bnviz-picker")) return;
        document.removeEventListener("click", press, true);
        const begun = performance.now();
        const look = () => {
          const chosen = [...document.querySelectorAll("[data-chart=inside] select")].map(({ value }) => value);
          const isDrawn = said().startsWith(`Layer ${chosen[0]}, unit ${chosen[1]},`) && said() !== before;
          if (isDrawn) bench.unitAnswered = performance.now() - begun;
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      document.addEventListener("click", press, true);
    },
    async redraw(name, times) {
      const slider = document.querySelector(".bnviz-along input");
      const canvas = document.querySelector(`[data-chart=${name}] canvas[data-step]`);
      const begun = performance.now();
      for (let time = 0; time < times; time += 1) {
        const drawn = new Promise((resolve) => {
          const observer = new MutationObserver(() => resolve(observer.disconnect()));
          observer.observe(canvas, { attributes: true, attributeFilter: ["data-step"] });
        });
        slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
        await drawn;
      }
      return (1000 * times) / (performance.now() - begun);
    },
    start() {
      const onScreen = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
      const seen = charts().filter((chart) => shapes(chart).length && onScreen(chart.getBoundingClientRect()));
      const updates = seen.map(() => 0);
      const touched = seen.map(() => false);
      const observers = seen.map((chart, index) => new MutationObserver(() => (touched[index] = true)));
      const watched = { subtree: true, attributes: true, attributeFilter: ["d", "href", "data-step"] };
      observers.forEach((observer, index) => observer.observe(seen[index], watched));
      const begun = performance.now();
      const at = { ...counted };
      let blank = 0;
      let on = true;
      const look = () => {
        seen.forEach((chart, index) => {
          if (!chart.isConnected || !shapes(chart).length) blank += 1;
          updates[index] += touched[index];
          touched[index] = false;
        });
        if (on) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      bench.stop = () => {
        on = false;
        observers.forEach((observer) => observer.disconnect());
        return {
          updates, blank, seconds: (performance.now() - begun) / 1000,
          frames: counted.frames - at.frames, bytes: counted.bytes - at.bytes,
        };
      };
    },
  };
  return bench;
})();
