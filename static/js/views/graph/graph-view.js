import { html, write } from "../../dom.js";
import { Badge } from "./badge.js";
import { Bar } from "./bar.js";
import { Contributions } from "./contributions.js";
import { layoutOf } from "./layout.js";
import { Letters } from "./letters.js";
import { ListView } from "./list-view.js";
import { MapView } from "./map-view.js";
import { Panel } from "./panel.js";
import { Samples } from "./samples.js";
import { Shown } from "./shown.js";
import { StopPlayer } from "./stop-player.js";
import { Graph } from "./structure.js";

/** @import {Model} from "../../model.js" */
/** @import {Checked} from "./panel.js" */

const PHONE = 700;
const CORNER = 360;
const BADGE = 330;

/** What a graph consists of: its map, the badge, the formula and the player, in one arrangement. */
export class GraphView {
  player;
  bar;
  graph;
  live = html("p", { class: "visually-hidden", role: "status" });
  #letters;
  #map;
  #badge;
  #panel = new Panel();
  #samples = new Samples();
  #given;
  #stage = html("div", { class: "graph-stage" });
  #scroll = html("div", { class: "graph-scroll" });
  #where = html("span", {}, [
    "On each line: ",
    html("b", { class: "graph-of-value" }, ["value above"]),
    ", ",
    html("b", { class: "graph-of-gradient" }, ["gradient below"]),
    ". ",
  ]);

  /** @param {Model} model @param {Graph} graph @param {number} width @param {boolean} low */
  constructor(model, graph, width, low) {
    this.graph = graph;
    this.player = new StopPlayer(model, graph);
    this.bar = new Bar(this.player);
    this.#given = new Contributions(model, graph);
    this.#letters = new Letters(model);
    this.#badge = new Badge(this.#letters);
    const legend = html("p", { class: "graph-legend muted" }, [
      this.#where,
      "Σ: summed over the batch. ≈: rounded.",
    ]);
    const head = html("div", { class: "graph-head-row" }, [
      legend,
      this.#samples.element,
    ]);
    this.#map = this.#place(width, low);
    this.elements = [head, this.#stage, this.bar.element, this.live];
  }

  /** Which sample was chosen. @param {(sample: number | null) => void} act */
  chosen(act) {
    this.#samples.element.addEventListener("choose", (event) =>
      act(/** @type {CustomEvent} */ (event).detail),
    );
  }

  get stage() {
    return this.#stage;
  }

  /** Another trace of the same shape. @param {Model} model @param {Graph} graph */
  renew(model, graph) {
    this.graph = graph;
    this.#given = new Contributions(model, graph);
    this.player.renew(model, graph);
  }

  /** Draw for another width, or height. @param {number} width @param {boolean} low */
  resize(width, low) {
    this.#map = this.#place(width, low);
  }

  /**
   * @param {{sample: number | null, selected: string | null}} choice
   * @param {Record<string, Checked> | null} checks
   */
  show(choice, checks) {
    const { player, graph } = this;
    const shown = new Shown(player.model, graph, player, choice, this.#given);
    this.#stage.style.setProperty("--drawing", `${player.drawing}ms`);
    this.#map.show(shown);
    this.#badge.show(shown);
    this.#panel.show(shown, player, checks);
    this.#samples.show(shown, this.#letters);
    this.bar.show(graph, this.#letters);
  }

  /** Tell those who listen where the player is. */
  say() {
    write(this.live, this.#panel.title);
  }

  /** @param {number} width @param {boolean} low */
  #place(width, low) {
    const phone = width < PHONE;
    const { element: panel } = this.#panel;
    const { element: badge } = this.#badge;
    this.#stage.dataset.kind = phone ? "list" : "map";
    this.#where.hidden = phone;
    if (phone) {
      const list = new ListView(this.graph, this.#letters, width);
      this.#scroll.replaceChildren(list.element);
      this.#stage.replaceChildren(this.#scroll, badge, panel);
      Object.assign(panel.style, { marginLeft: "", marginTop: "" });
      badge.style.width = "";
      return list;
    }
    const layout = layoutOf(this.graph, width, low);
    const map = new MapView(this.graph, layout, this.#letters);
    const { left, top } = layout.corner;
    const room = layout.width <= width ? width - left : 0;
    const corner = room >= CORNER;
    this.#stage.toggleAttribute("data-corner", corner);
    badge.style.width = `${Math.max(BADGE, Math.min(low ? 540 : 640, layout.free))}px`;
    panel.style.marginLeft = corner ? `${left}px` : "";
    panel.style.marginTop = corner ? `${top}px` : "";
    map.element.append(badge);
    this.#scroll.replaceChildren(map.element);
    this.#stage.replaceChildren(this.#scroll, panel);
    return map;
  }
}
