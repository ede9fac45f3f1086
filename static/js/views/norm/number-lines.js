import { CellEditor } from "../cell-editor.js";
import { layOut, linesOf } from "./lines-layout.js";
import { LinesPicture } from "./lines-picture.js";
import { snapOf, snapped } from "./scale.js";

/** @import {NormReply} from "./types.js" */
/** @import {Layout} from "./lines-layout.js" */

/** How far a pointer may tremble before it drags. */
const TREMBLE = 3;

/**
 * @typedef {object} Drag
 * @property {number} row
 * @property {number} index
 * @property {number} from  Where the pointer took hold.
 * @property {Layout} layout  As it was then: it says what the pointer means.
 * @property {boolean} moved
 * @property {number} value
 */

/**
 * The batch before and after, on number lines that share one scale. Dots of what is given are
 * sliders: they are dragged, moved by arrow keys, or typed over after a double click or a digit.
 *
 * Attributes: `data-compact` (as low as can be; `redraw()` when it changes).
 *
 * Properties: `reply`, `sample` (the index of the filled dots, or null). Method: `settle()` (the
 * reply is that of the last change).
 *
 * Events: "set" (detail {edits, index, value, again}: `again` goes on with the last change),
 * "sample" (detail: index).
 */
export class NumberLines extends HTMLElement {
  #picture = new LinesPicture();
  #editor = new CellEditor();
  /** @type {NormReply | null} */ #reply = null;
  /** @type {Layout | null} */ #layout = null;
  /** @type {Drag | null} */ #drag = null;
  /** @type {Drag | null} What was let go, until a reply has it. */ #dropped =
    null;
  /** @type {number | null} */ #sample = null;
  #listening = new AbortController();
  #width = 0;
  #waiting = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.replaceChildren(this.#picture.element, this.#editor.element);
    const { element } = this.#picture;
    const on = (/** @type {string} */ type, /** @type {any} */ act) =>
      element.addEventListener(type, act, { signal });
    on("pointerdown", (/** @type {PointerEvent} */ event) => this.#take(event));
    // Where there is an event before the next frame, the numbers are asked for sooner.
    const pulls =
      "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";
    on(pulls, (/** @type {PointerEvent} */ event) => this.#pull(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
      on(type, () => this.#drop());
    on("dblclick", (/** @type {MouseEvent} */ event) => this.#edit(event));
    on("keydown", (/** @type {KeyboardEvent} */ event) => this.#keyed(event));
    const watch = new ResizeObserver(([{ contentRect }]) => {
      const width = Math.floor(contentRect.width);
      if (width === this.#width) return;
      this.#width = width;
      this.#paint();
    });
    watch.observe(this);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get reply() {
    return this.#reply;
  }

  /** Drawn at once: it comes between two frames, where there is time. */
  set reply(reply) {
    this.#reply = reply;
    this.#paint();
  }

  get sample() {
    return this.#sample;
  }

  set sample(sample) {
    this.#sample = sample;
    this.#draw();
  }

  redraw() {
    this.#draw();
  }

  /** Draw in the next frame, however much has changed until then. */
  #draw() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      if (this.#waiting) this.#paint();
    });
  }

  #paint() {
    this.#waiting = false;
    if (!this.#reply || !this.#width) return;
    const lines = linesOf(this.#reply);
    const drag = this.#drag ?? this.#dropped;
    if (drag?.moved && lines[drag.row]) {
      const { values } = lines[drag.row];
      lines[drag.row].values = values.map((value, i) =>
        i === drag.index ? drag.value : value,
      );
    }
    const compact = this.hasAttribute("data-compact");
    const how = { held: this.#held(), compact };
    this.#layout = layOut(lines, this.#width, this.#layout, how);
    this.#picture.draw(this.#layout, this.#sample, this.#reply);
  }

  /** What is dragged stays as high as it was taken, whatever it passes. */
  #held() {
    if (!this.#drag) return null;
    const { row, index, layout } = this.#drag;
    const { y, dots } = layout.rows[row];
    return { row, index, rise: y - dots[index].y };
  }

  /** The dot of an event. @param {Event} event */
  #dot(event) {
    const target = /** @type {Element} */ (event.target);
    const dot = target.closest(".dot");
    if (!(dot instanceof SVGElement) || !this.#layout) return null;
    const [row, index] = [Number(dot.dataset.row), Number(dot.dataset.index)];
    return { row, index, line: this.#layout.rows[row].line };
  }

  /** @param {PointerEvent} event */
  #take(event) {
    const dot = this.#dot(event);
    if (!dot || event.button > 0 || !this.#layout) return;
    const { row, index, line } = dot;
    this.#emit("sample", index);
    if (!line.edits) return;
    event.preventDefault();
    this.#dropped = null;
    this.#picture.focus(row, index);
    this.#picture.element.setPointerCapture(event.pointerId);
    this.#drag = {
      ...{ row, index, from: event.clientX, layout: this.#layout },
      ...{ moved: false, value: line.values[index] },
    };
  }

  /** @param {PointerEvent} event */
  #pull({ clientX }) {
    const drag = this.#drag;
    if (!drag) return;
    const by = clientX - drag.from;
    if (!drag.moved && Math.abs(by) < TREMBLE) return;
    const { layout, row, index } = drag;
    const { scale } = layout;
    const at = layout.value(layout.rows[row].dots[index].x + by);
    const within = Math.max(scale.low, Math.min(scale.high, at));
    const value = snapped(within, snapOf(scale));
    if (drag.moved && value === drag.value) return;
    const again = drag.moved;
    Object.assign(drag, { moved: true, value });
    this.#draw();
    this.#set(row, index, value, again);
  }

  #drop() {
    if (!this.#drag) return;
    this.#dropped = this.#drag;
    this.#drag = null;
    this.#draw();
  }

  /** Let go of what was dropped: the reply says by now where everything is. */
  settle() {
    this.#dropped = null;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const dot = this.#dot(event);
    if (!dot?.line.edits || !this.#layout) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, index, line } = dot;
    if (/^[\d.,+\u2212-]$/.test(event.key) || event.key === "Enter") {
      event.preventDefault();
      this.#type(row, index, event.key === "Enter" ? null : event.key);
      return;
    }
    const before = this.#dropped;
    const same = before?.row === row && before.index === index;
    const now = same ? before.value : line.values[index];
    const value = this.#moved(event, now);
    if (value === null) return;
    event.preventDefault();
    this.#emit("sample", index);
    if (value === now) return;
    const layout = /** @type {Layout} */ (this.#layout);
    this.#dropped = { ...{ row, index, layout, value }, from: 0, moved: true };
    this.#draw();
    this.#set(row, index, value, event.repeat);
  }

  /** Where a key moves a value. @param {KeyboardEvent} event @param {number} value */
  #moved({ key, shiftKey }, value) {
    const { scale } = /** @type {Layout} */ (this.#layout);
    if (key === "Home") return scale.low;
    if (key === "End") return scale.high;
    const unit = snapOf(scale);
    /** @type {Record<string, number>} */
    const fine = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    /** @type {Record<string, number>} */
    const page = { PageUp: 10, PageDown: -10 };
    const steps = page[key] ?? (fine[key] ?? 0) * (shiftKey ? 10 : 1);
    return steps ? snapped(value + steps * unit, unit) : null;
  }

  /** @param {MouseEvent} event */
  #edit(event) {
    const dot = this.#dot(event);
    if (dot?.line.edits) this.#type(dot.row, dot.index, null);
  }

  /** @param {number} row @param {number} index @param {string | null} typed */
  #type(row, index, typed) {
    const { line } = /** @type {Layout} */ (this.#layout).rows[row];
    this.#emit("sample", index);
    this.#editor.edit(
      this.#picture.box(row, index),
      this.getBoundingClientRect(),
      line.values[index],
      typed,
      (value) => {
        this.#picture.focus(row, index);
        if (value !== null && value !== line.values[index])
          this.#set(row, index, value, false);
      },
    );
  }

  /** @param {number} row @param {number} index @param {number} value @param {boolean} again */
  #set(row, index, value, again) {
    const { edits } = /** @type {Layout} */ (this.#layout).rows[row].line;
    this.#emit("set", { edits, index, value, again });
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
