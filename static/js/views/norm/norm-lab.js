import { askTrace } from "../../api.js";
import { Lab } from "../../lab.js";

/** @import {Edits} from "../../url-state.js" */

/** After so many milliseconds a request gives way to a newer one. */
const PATIENCE = 3000;

/**
 * Which numbers a setting makes anew: those set by hand are then no longer meant.
 *
 * @type {Record<string, string>}
 */
const MADE_BY = { x: "x", xs: "x", gy: "g", gs: "g", target: "target" };

/**
 * A lab whose numbers are dragged: one request is on its way at a time, and the newest state
 * follows it, so that the picture keeps up however fast the changes come.
 */
export class NormLab extends Lab {
  /** @type {AbortController | null} */ #asking = null;
  #began = 0;
  #changed = false;

  /**
   * @param {string} edits  The tensor of the request.
   * @param {number} index
   * @param {number} value
   * @param {boolean} again  Whether this goes on with the last change.
   */
  setSample(edits, index, value, again) {
    const control = this.controls.find(({ path }) => path === `${edits}.edits`);
    const name = (control?.key ?? "#").slice(1);
    /** @type {Edits} */
    const cells = { ...this.state.edits[name], [index]: value };
    return this.setCells(name, cells, again);
  }

  /** @param {Record<string, string>} values @param {boolean} [again] */
  set(values, again) {
    const edits = { ...this.state.edits };
    for (const key of Object.keys(values)) delete edits[MADE_BY[key] ?? ""];
    const all = { ...this.state.values, ...values };
    this.change({ ...this.state, values: all, edits }, again);
  }

  /** Whether something has changed since the last question. */
  get waiting() {
    return this.#changed;
  }

  async ask() {
    this.#changed = true;
    if (this.#asking) {
      if (performance.now() - this.#began > PATIENCE) this.#asking.abort();
      return;
    }
    while (this.#changed) {
      this.#changed = false;
      const { signal } = (this.#asking = new AbortController());
      this.#began = performance.now();
      try {
        const reply = await askTrace(this.body, signal);
        // What is refused may be right again by now.
        if (!("problem" in reply && this.#changed)) this.take(reply);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.#asking = null;
      }
    }
  }

  /** What was shown stays in sight beside a problem. @param {any} reply */
  take(reply) {
    if ("problem" in reply) this.emit("problem", reply.problem);
    else this.emit("reply", reply);
  }
}
