import { html, inTurn, write } from "../../dom.js";
import { Badge } from "./badge.js";
import { Bar } from "./bar.js";
import { Contributions } from "./contributions.js";
import { layoutOf } from "./layout.js";
import { Letters } from "./letters.js";
import { ListView } from "./list-view.js";
import { MapView } from "./map-view.js";
import { Measure, scaleFor } from "./measure.js";
import { Panel } from "./panel.js";
import { Samples } from "./samples.js";
import { Shown } from "./shown.js";
import { StopPlayer } from "./stop-player.js";
import { Graph } from "./structure.js";

/** @import {Model} from "../../model.js" */
/** @import {Layout} from "./layout.js" */
/** @import {Checked} from "./panel.js" */

const PHONE = 700;
const CORNER = 360;
const BADGE = 330;
const FOOT = 12;
/** Height of the longest formula beside the map, until it is measured. */
const USUAL = 400;
/** Milliseconds without other numbers after which heights are measured again. */
const CALM = 400;

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
  /** Called when it is to be shown again. */
  later = () => {};
  #room;
  #kind = "";
  #stale = false;
  #begun = false;
  #reserved = 0;
  #height = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #measuring;
  #scroll = html("div", { class: "graph-scroll" });
  #where = html("span", {}, [
    "On each line: ",
    html("b", { class: "graph-of-value" }, ["value above"]),
    ", ",
    html("b", { class: "graph-of-gradient" }, ["gradient below"]),
    ". ",
  ]);

  /** What the letters mean, where there are many. */
  #key = html("span", { class: "graph-key", hidden: "" });

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
      "Σ: summed over the batch. ≈, or dots below: rounded.",
      this.#key,
    ]);
    const head = html("div", { class: "graph-head-row" }, [
      legend,
      this.#samples.element,
    ]);
    this.#room = { width, low };
    this.#key.append(
      ...[...graph.nodes.keys()].flatMap((name) => this.#keyTo(name)),
    );
    this.#map = this.#place(width);
    this.elements = [head, this.#stage, this.bar.element, this.live];
  }

  /** @param {string} name */
  #keyTo(name) {
    const label = this.#letters.label(name).toLowerCase();
    return [html("i", {}, [this.#letters.text(name)]), ` ${label}  `];
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
    clearTimeout(this.#measuring);
    this.#measuring = setTimeout(() => this.again(), CALM);
  }

  /** Draw for another width, or on one screen. @param {number} width @param {boolean} low */
  resize(width, low) {
    this.#room = { width, low };
    this.#map = this.#place(width);
    this.#kind = "";
  }

  /** The height of the screen, or of what stands above, has changed. */
  settle() {
    if (this.#room.low && this.#height !== this.#heightThere) this.again();
  }

  /** Letters, or numbers, may take more room now. */
  again() {
    this.#stale = true;
    this.later();
  }

  /**
   * @param {{sample: number | null, selected: string | null}} choice
   * @param {Record<string, Checked> | null} checks
   */
  show(choice, checks) {
    const { player, graph } = this;
    const { sample } = choice;
    this.#arrange(sample);
    const known = choice.selected && graph.has(choice.selected);
    const selected = known ? choice.selected : null;
    const shown = new Shown(
      player.model,
      graph,
      player,
      { sample, selected },
      this.#given,
    );
    this.#stage.style.setProperty("--drawing", `${player.drawing}ms`);
    this.#map.show(shown);
    this.#badge.show(shown);
    this.#panel.show(shown, player, checks);
    this.#samples.show(shown, this.#letters);
    this.bar.show(graph, this.#letters, shown.selected);
  }

  /**
   * Where there is a new kind of picture: keep as much height as the longest formula takes, so that
   * the player stays where it is; on one screen, draw it as large as all of it fits.
   *
   * @param {number | null} sample
   */
  #arrange(sample) {
    const host = this.#stage.parentElement;
    const kind = `${sample === null},${Boolean(host)}`;
    if (kind === this.#kind && !this.#stale) return;
    if (kind !== this.#kind) this.#reserved = 0;
    this.#kind = kind;
    this.#stale = false;
    this.#stage.style.zoom = "";
    if (!host || this.#stage.dataset.kind === "list") return;
    const { player, graph } = this;
    const measured = () => new Measure(player, graph, sample, this.#given);
    if (this.#room.low) this.#fit(measured(), host);
    else if (this.#begun) this.#reserve(measured(), host);
    else {
      // The first time in tasks of their own, after the picture.
      this.#begun = true;
      const { element: panel } = this.#panel;
      panel.style.minHeight = `${panel.style.marginTop ? USUAL : 0}px`;
      /** @type {Measure} */ let measure;
      inTurn([
        () => (measure = measured()),
        () =>
          this.#stage.parentElement === host && this.#reserve(measure, host),
      ]);
    }
  }

  /** @param {Measure} measure @param {Element} host */
  #reserve(measure, host) {
    const { element: panel } = this.#panel;
    const height = measure.tallest(host, panel.clientWidth);
    // Never less than before: what stands below would move.
    this.#reserved = Math.max(this.#reserved, height);
    panel.style.minHeight = `${this.#reserved}px`;
    measure.remove();
  }

  /** @param {Measure} measure @param {Element} host */
  #fit(measure, host) {
    const { width } = this.#room;
    this.#height = this.#heightThere;
    const scale = scaleFor(this.#height, (scale) => {
      const layout = layoutOf(this.graph, width / scale, true);
      if (layout.width > width / scale) return Infinity;
      const { left, top } = cornerOf(layout, width / scale);
      const panel = measure.tallest(host, width / scale - left);
      return left
        ? Math.max(layout.height, top + panel)
        : layout.height + panel;
    });
    this.#stage.style.zoom = String(scale);
    measure.remove();
    this.#map = this.#place(width / scale);
    this.#panel.element.style.minHeight = "";
  }

  /** From the top of the stage down to the player, which stands at the foot of the screen. */
  get #heightThere() {
    const top = this.#stage.getBoundingClientRect().top + scrollY;
    return Math.floor(innerHeight - top - this.bar.element.offsetHeight - FOOT);
  }

  /** Tell those who listen where the player is. */
  say() {
    write(this.live, this.#panel.said);
  }

  /** @param {number} width */
  #place(width) {
    const { low } = this.#room;
    const phone = width < PHONE;
    const { element: panel } = this.#panel;
    const { element: badge } = this.#badge;
    this.#stage.dataset.kind = phone ? "list" : "map";
    this.#where.hidden = phone;
    this.#key.hidden = true;
    if (phone) {
      const list = new ListView(this.graph, this.#letters, width);
      this.#scroll.replaceChildren(list.element);
      this.#stage.replaceChildren(this.#scroll, badge, panel);
      Object.assign(panel.style, {
        marginLeft: "",
        marginTop: "",
        minHeight: "",
      });
      badge.style.width = "";
      return list;
    }
    const layout = layoutOf(this.graph, width, low);
    const map = new MapView(this.graph, layout, this.#letters);
    this.#key.hidden = !layout.dense;
    const { left, top } = cornerOf(layout, width);
    this.#stage.toggleAttribute("data-corner", left > 0);
    badge.style.width = `${Math.max(BADGE, Math.min(low ? 540 : 640, layout.free))}px`;
    panel.style.marginLeft = left ? `${left}px` : "";
    panel.style.marginTop = left ? `${top}px` : "";
    map.element.append(badge);
    this.#scroll.replaceChildren(map.element);
    this.#stage.replaceChildren(this.#scroll, panel);
    return map;
  }
}

/**
 * Where the formula stands beside the map; both 0 where there is too little room.
 *
 * @param {Layout} layout
 * @param {number} width
 */
function cornerOf({ corner, width: drawn }, width) {
  const room = drawn <= width ? width - corner.left : 0;
  return room >= CORNER ? corner : { left: 0, top: 0 };
}
