import { html, write } from "../../dom.js";
import { Transport } from "../transport.js";

/** @import {Player} from "../../player.js" */
/** @import {Letters} from "./letters.js" */
/** @import {StopPlayer} from "./stop-player.js" */
/** @import {Graph} from "./structure.js" */

/** The transport of a graph: which way it goes, and the letter of every stop under the slider. */
export class Bar {
  #ticks = html("span", { class: "graph-ticks", "aria-hidden": "true" });
  #ways = [false, true].map((backward) =>
    html("button", { type: "button", "data-backward": String(backward) }, [
      backward ? "Backward" : "Forward",
    ]),
  );
  #shown = "";
  #player;

  /** @param {StopPlayer} player */
  constructor(player) {
    this.#player = player;
    this.transport = new Transport(
      /** @type {Player} */ (/** @type {unknown} */ (player)),
      "step",
    );
    this.element = this.transport.element;
    this.element.classList.add("graph-bar");
    const ways = html(
      "span",
      { class: "graph-ways", role: "group", "aria-label": "Direction" },
      this.#ways,
    );
    ways.addEventListener("click", (event) => {
      const way = /** @type {HTMLElement} */ (event.target).dataset.backward;
      if (way && !this.transport.locked) player.turn(way === "true");
    });
    const slider = /** @type {Element} */ (
      this.element.querySelector('[aria-label="Step"]')
    );
    const track = html("span", { class: "graph-track" });
    slider.replaceWith(ways, track);
    track.append(slider, this.#ticks);
  }

  /** @param {Graph} graph @param {Letters} letters @param {string | null} [selected]  Tensor. */
  show(graph, letters, selected = null) {
    const { backward, position } = this.#player;
    for (const way of this.#ways)
      way.setAttribute(
        "aria-pressed",
        String((way.dataset.backward === "true") === backward),
      );
    const stops = graph.stops.filter((stop) => stop.backward === backward);
    const key = stops.map(({ tensor }) => tensor).join(" ");
    if (key !== this.#shown) {
      this.#shown = key;
      const ticks = stops.map(({ of }, i) => {
        const tick = html("i", {});
        tick.style.left = `${(100 * (i + 1)) / stops.length}%`;
        write(tick, letters.text(of));
        return tick;
      });
      this.#ticks.replaceChildren(...ticks);
    }
    // What is chosen is in hand, wherever the player is.
    const inHand = (/** @type {number} */ i) =>
      selected ? stops[i].tensor === selected : i + 1 === position;
    [...this.#ticks.children].forEach((tick, i) =>
      tick.toggleAttribute("data-hand", inHand(i)),
    );
  }
}
