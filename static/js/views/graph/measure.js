import { html } from "../../dom.js";
import { Panel } from "./panel.js";
import { Shown } from "./shown.js";

/** @import {Contributions} from "./contributions.js" */
/** @import {Checked} from "./panel.js" */
/** @import {StopPlayer} from "./stop-player.js" */
/** @import {Graph} from "./structure.js" */

/** The formulas of all stops, unseen: how high the highest of them is. */
export class Measure {
  #panels;
  #box;

  /**
   * @param {StopPlayer} player
   * @param {Graph} graph
   * @param {number | null} sample
   * @param {Contributions} given
   */
  constructor(player, graph, sample, given) {
    const { model } = player;
    const values = (/** @type {string} */ name) => model.tensor(name).values;
    /** @type {Record<string, Checked>} */ const checks = {};
    for (const { name, gradient } of graph.nodes.values())
      if (gradient) checks[name] = agreed(values(gradient));
    const choice = { sample, selected: null };
    this.#panels = graph.stops.map((stop, i) => {
      const { backward } = stop;
      const at = { stop, arriving: false, written: i + 1, backward, values };
      const panel = new Panel();
      const shown = new Shown(model, graph, at, choice, given);
      panel.show(shown, { position: i + 1, length: i + 1, backward }, checks);
      return panel.element;
    });
    this.#box = html("div", { class: "graph-measure", "aria-hidden": "true" });
  }

  /** Lay them out once. @param {Element} host @param {number} width */
  tallest(host, width) {
    this.#box.style.width = `${width}px`;
    if (!this.#box.isConnected) {
      this.#box.replaceChildren(...this.#panels);
      host.append(this.#box);
    }
    return Math.max(0, ...this.#panels.map((panel) => panel.offsetHeight));
  }

  remove() {
    this.#box.remove();
  }
}

/** A check as long as any. @param {number[]} analytic @returns {Checked} */
function agreed(analytic) {
  const relative_error = 1.2e-10;
  return {
    analytic,
    numeric: analytic,
    relative_error,
    agrees: true,
    why: null,
  };
}

const LEAST = 0.6;
const MOST = 1.4;
const STEP = 0.05;

/**
 * The largest scale at which something fits in a height.
 *
 * @param {number} room
 * @param {(scale: number) => number} heightAt  Drawn at a scale, as high as that times the scale.
 * @returns {number}
 */
export function scaleFor(room, heightAt) {
  let [low, high] = [0, Math.round((MOST - LEAST) / STEP)];
  const scale = (/** @type {number} */ step) =>
    Number((LEAST + step * STEP).toFixed(2));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const fits = heightAt(scale(middle)) * scale(middle) <= room;
    if (fits) low = middle;
    else high = middle - 1;
  }
  return scale(low);
}
