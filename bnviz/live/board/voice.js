// What is said aloud to those who do not see the page: politely, once, and by one region of the whole page.

const TOGETHER = 150; // milliseconds: what comes within is said in one breath
const KEPT = 4; // sentences that can still be read there

/** @type {HTMLElement | null} */
let region = null;
/** @type {string[]} */
let waiting = [];

/** @param {string} words */
export function announce(words) {
  if (!words || waiting.includes(words)) return;
  region ??= begin();
  waiting.push(words);
  if (waiting.length === 1) setTimeout(speak, TOGETHER);
}

function speak() {
  const said = waiting.map((words) => Object.assign(document.createElement("p"), { textContent: words }));
  waiting = [];
  region?.append(...said);
  while (region && region.children.length > KEPT) region.firstChild?.remove();
}

/** The region is there before its first words: what appears together with them is not heard. */
function begin() {
  const made = document.createElement("div");
  made.className = "bnviz-voice";
  made.setAttribute("aria-live", "polite");
  Object.assign(made.style, { position: "fixed", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
  return document.body.appendChild(made);
}

/** Says what a thing has come to, when it has come to something else and stays there for a while. */
export class Aloud {
  /** @type {string | null} */
  known = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /**
   * @param {() => string} words   what is to be said then
   * @param {number} patience   milliseconds
   * @param {(words: string) => void} say
   * @param {Pick<typeof globalThis, "setTimeout" | "clearTimeout">} clock
   */
  constructor(words, patience, say = announce, clock = globalThis) {
    this.words = words;
    this.patience = patience;
    this.say = say;
    this.clock = clock;
  }

  /**
   * What a page opens with is read as the page is, and not said.
   * @param {string} now
   */
  hear(now) {
    if (now === this.known) return;
    const isFirst = this.known === null;
    this.known = now;
    this.clock.clearTimeout(this.timer);
    if (!isFirst) this.timer = this.clock.setTimeout(() => this.say(this.words()), this.patience);
  }

  end() {
    this.clock.clearTimeout(this.timer);
  }
}
