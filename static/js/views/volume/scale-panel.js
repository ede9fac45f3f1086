import { html, write } from "../../dom.js";
import { ask } from "../../api.js";
import { SizeCard } from "../size.js";
import { CellSum } from "./cell-sum.js";
import { ScaleForm } from "./scale-form.js";
import { ScaleView } from "./scale-view.js";

/** @import {Count, Problem, TraceReply} from "../../types.js" */
/** @import {CellStep} from "./cell-sum.js" */
/** @import {Place, ScaleLayer} from "./scale-view.js" */

/** On the projector: the width of what stands beside the picture, and between the two. */
const BESIDE = 372;
const APART = 20;

/** @typedef {ScaleLayer & {sizes: TraceReply[], counts: Count[], step: CellStep | null}} VolumeReply */

/** Any layer to scale: its form, its picture, its sizes, where the window stands, and the cell it gives. */
export class ScalePanel {
  element = html("div", { class: "scale-panel" });
  #form = new ScaleForm();
  #view = new ScaleView();
  #sum = new CellSum();
  #sliders = [0, 1, 2].map((axis) => this.#slider(axis));
  #size = new SizeCard(html("div", { class: "size-card" }));
  #problem = html("p", { class: "problem-line", role: "alert", hidden: "" });
  #told = html("div", { class: "scale-told" });
  /** @type {AbortController | null} */ #asking = null;
  /** @type {VolumeReply | null} */ #reply = null;
  /** @type {Place} */ #at = [0, 0, 0];
  #channel = 0;
  #space = { width: 0, height: 440, beside: false };

  /** @param {() => void} changed  Called with each other layer, and with one that cannot be. */
  constructor(changed) {
    this.changed = changed;
    const sliders = html(
      "div",
      { class: "stops" },
      this.#sliders.map(({ label }) => label),
    );
    this.#told.append(
      this.#view.element,
      sliders,
      this.#size.element,
      this.#sum.element,
    );
    this.element.append(this.#form.element, this.#problem, this.#told);
    this.#form.addEventListener("layer", () => {
      this.#at = [0, 0, 0];
      this.#channel = 0;
      this.#ask();
    });
    this.#view.addEventListener("at", (event) =>
      this.#go(/** @type {CustomEvent} */ (event).detail),
    );
    this.#sum.addEventListener("channel", (event) => {
      this.#channel = /** @type {CustomEvent} */ (event).detail;
      this.#ask();
    });
  }

  /** The sizes of the layer in view by their letters; none while there is no such layer. */
  get names() {
    return this.#told.hidden ? {} : (this.#reply?.names ?? {});
  }

  /** @param {number} width @param {number} height @param {boolean} beside  Whether the terms of a cell stand beside the picture. */
  place(width, height, beside) {
    this.#space = { width, height, beside };
    if (this.#reply) this.#draw();
    else if (!this.#asking) this.#ask();
  }

  /** @param {number} axis  Of [map, row, column]. */
  #slider(axis) {
    const name = ["Output map", "Output row", "Output column"][axis];
    const input = html("input", {
      type: "range",
      min: 1,
      step: 1,
      value: 1,
      "aria-label": name,
    });
    const output = html("output", {}, ["1"]);
    const label = html("label", { class: "stop-slider" }, [
      html("span", {}, [name]),
      input,
      output,
    ]);
    input.addEventListener("input", () => {
      const at = /** @type {Place} */ ([...this.#at]);
      at[axis] = input.valueAsNumber - 1;
      this.#go(at);
    });
    return { label, input, output };
  }

  /** @param {Place} at */
  #go(at) {
    this.#at = at;
    this.#move();
    this.#ask();
  }

  /** Show where the window stands; what it gives follows as soon as the server has told it. */
  #move() {
    if (!this.#reply) return;
    this.#view.move(this.#at);
    const { K, H2, W2 } = this.#reply.names;
    this.#sliders.forEach(({ input, output }, axis) => {
      const most = [K, H2, W2][axis];
      input.max = `${most}`;
      input.value = `${this.#at[axis] + 1}`;
      input.style.setProperty(
        "--done",
        `${(100 * this.#at[axis]) / Math.max(1, most - 1)}%`,
      );
      write(output, `${this.#at[axis] + 1} of ${most}`);
    });
    const stale = this.#reply.step?.at.join() !== this.#at.join();
    this.#sum.element.toggleAttribute("data-stale", stale);
  }

  async #ask() {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const body = { ...this.#form.layer, at: this.#at, channel: this.#channel };
    const reply = await ask("/api/volume", body, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (!reply || signal.aborted) return;
    const problem =
      "problem" in reply ? /** @type {Problem} */ (reply.problem) : null;
    this.#problem.hidden = !problem;
    write(this.#problem, problem?.message ?? "");
    this.#told.hidden = Boolean(problem);
    this.#form.fault(problem?.field ?? null);
    if (!problem) {
      this.#reply = /** @type {VolumeReply} */ (reply);
      this.#size.show({ ...this.#reply, border: null }, false);
      this.#draw();
    }
    this.changed();
  }

  #draw() {
    const reply = /** @type {VolumeReply} */ (this.#reply);
    const { width, height, beside } = this.#space;
    const { Fh, Fw } = reply.names;
    this.#view.place(reply, beside ? width - BESIDE - APART : width, height);
    if (reply.step && beside) this.#sum.show(reply.step, [Fh, Fw], BESIDE, 1);
    else if (reply.step) this.#sum.show(reply.step, [Fh, Fw], width);
    this.#move();
  }
}
