// Paper: a part of the page as wide as on the screen, as small as the sheet wants it, and drawn whole.

const ACROSS = 664; // pixels of a sheet between the margins of paper and page, of A4 as of Letter

export class Paper {
  /**
   * @param {HTMLElement} root
   * @param {() => void} draw   draws at once what paper needs, where not all is drawn
   */
  constructor(root, draw = () => {}) {
    this.root = root;
    this.draw = draw;
    window.addEventListener("beforeprint", this.before);
    window.addEventListener("afterprint", this.after);
  }

  before = () => {
    const width = this.root.clientWidth;
    Object.assign(this.root.style, { width: `${width}px`, zoom: String(Math.min(1, ACROSS / width)) });
    this.draw();
  };

  after = () => Object.assign(this.root.style, { width: "", zoom: "" });

  end() {
    window.removeEventListener("beforeprint", this.before);
    window.removeEventListener("afterprint", this.after);
  }
}
