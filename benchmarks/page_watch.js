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
        counted.frames += 1;
        counted.bytes += event.data.byteLength ?? event.data.size;
      });
    }
  };
  const bench = {
    answered: 0,
    rateAnswered: 0,
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
