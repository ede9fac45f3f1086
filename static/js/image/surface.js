/**
 * A picture on a canvas with a mark on one pixel, moved by pointer, touch or arrow keys.
 *
 * Hovering shows a pixel, a click or a tap keeps it; leaving shows the kept one again.
 * Custom properties: --x, --y (the middle of the marked pixel) and --box-width, --box-height (what
 * the magnifier shows), all in parts of the picture.
 *
 * @typedef {{row: number, column: number}} Point
 *
 * @typedef {object} Listener
 * @property {(point: Point) => void} pointed
 * @property {(point: Point) => void} kept
 * @property {() => void} left
 */

const FAR = 10;

export class Surface {
  #element;
  #canvas;
  #listener;
  /** @type {Point} */ #point = { row: 0, column: 0 };

  /**
   * @param {HTMLElement} element
   * @param {Listener} listener
   */
  constructor(element, listener) {
    this.#element = element;
    this.#canvas = /** @type {HTMLCanvasElement} */ (
      element.querySelector("canvas")
    );
    this.#listener = listener;
    this.#listen();
  }

  /**
   * Show another picture.
   *
   * @param {ImageData} pixels
   */
  show(pixels) {
    const canvas = this.#canvas;
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    canvas.getContext("2d")?.putImageData(pixels, 0, 0);
    this.#element.style.setProperty("--width", `${pixels.width}`);
    this.#element.style.setProperty("--height", `${pixels.height}`);
    const large = pixels.width < 320 && pixels.height < 320;
    this.#element.toggleAttribute("data-enlarged", large);
  }

  /**
   * Show nothing, in the size of a picture.
   *
   * @param {{width: number, height: number}} size
   */
  clear({ width, height }) {
    this.show(new ImageData(width, height));
  }

  /**
   * Move the mark. In a picture of few pixels it is the pixel itself.
   *
   * @param {Point} point
   * @param {{width: number, height: number}} size
   * @param {number} seen  Pixels along a side of the magnifier.
   */
  mark(point, size, seen) {
    this.#point = point;
    const part = Math.min(size.width, size.height) < 4 * seen ? 1 : seen;
    const { style } = this.#element;
    style.setProperty("--x", percent(point.column + 0.5, size.width));
    style.setProperty("--y", percent(point.row + 0.5, size.height));
    style.setProperty("--box-width", percent(part, size.width));
    style.setProperty("--box-height", percent(part, size.height));
  }

  #listen() {
    const element = this.#element;
    element.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" && !event.buttons) return;
      const point = this.#pixelAt(event);
      if (event.pointerType === "mouse") this.#listener.pointed(point);
      else this.#listener.kept(point);
    });
    element.addEventListener("pointerdown", (event) => {
      if (event.button === 0) this.#listener.kept(this.#pixelAt(event));
    });
    element.addEventListener("pointerleave", () => this.#listener.left());
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  #pixelAt(event) {
    const { width, height } = this.#canvas;
    const box = this.#canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    return this.#inside({ row, column });
  }

  /**
   * @param {Point} point
   * @returns {Point}
   */
  #inside({ row, column }) {
    const { width, height } = this.#canvas;
    return {
      row: Math.max(0, Math.min(row, height - 1)),
      column: Math.max(0, Math.min(column, width - 1)),
    };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { row, column } = this.#point;
    const by = event.shiftKey ? FAR : 1;
    /** @type {Record<string, Point>} */
    const moves = {
      ArrowLeft: { row, column: column - by },
      ArrowRight: { row, column: column + by },
      ArrowUp: { row: row - by, column },
      ArrowDown: { row: row + by, column },
      PageUp: { row: row - FAR, column },
      PageDown: { row: row + FAR, column },
      Home: { row, column: 0 },
      End: { row, column: this.#canvas.width - 1 },
    };
    const next = moves[event.key];
    if (!next) return;
    event.preventDefault();
    this.#listener.kept(this.#inside(next));
  }
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return `${(part / whole) * 100}%`;
}
