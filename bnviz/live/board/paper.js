// Paper: a part of the page as wide as on the screen, as small as the sheet wants it, drawn whole, and light.

const ACROSS = 664; // pixels of a sheet between the margins of paper and page, of A4 as of Letter

export class Paper {
  /**
   * @param {HTMLElement} root
   * @param {() => void} draw   draws at once, in the look that the root has now, all that paper needs
   */
  constructor(root, draw = () => {}) {
    this.root = root;
    this.draw = draw;
    window.addEventListener("beforeprint", this.before);
    window.addEventListener("afterprint", this.after);
  }

  before = () => {
    this.look = this.root.dataset.look;
    this.root.dataset.look = "light";
    const width = this.root.clientWidth;
    Object.assign(this.root.style, { width: `${width}px`, zoom: String(Math.min(1, ACROSS / width)) });
    this.draw();
  };

  after = () => {
    Object.assign(this.root.style, { width: "", zoom: "" });
    this.root.dataset.look = this.look;
    this.draw();
  };

  end() {
    window.removeEventListener("beforeprint", this.before);
    window.removeEventListener("afterprint", this.after);
  }
}
