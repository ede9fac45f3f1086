import { Model } from "../../model.js";
import { GraphView } from "./graph-view.js";
import { Graph } from "./structure.js";

/** @import {Reply} from "../../types.js" */
/** @import {Checked} from "./panel.js" */

/**
 * The computational graph of a trace that goes forward to a loss and back: values above the
 * edges, gradients below, a player from node to node, what comes in where routes meet, and the
 * formula of the stop in hand.
 *
 * Properties: `reply` (the trace), `sample` (index, or null for all), `position` (stops made, of
 * both directions), `selected` (the tensor of a value or gradient, or null), `locked` (no stepping), `low`
 * (of little height);
 * methods `key(event)` (offer it a key) and `check(gradients)` (what a numeric check found of each
 * node, or null while that is not known).
 *
 * Events: "moved", "sample" (detail: index or null), "select" (detail: tensor or null), "point"
 * (detail {tensor, index} or null).
 */
export class TraceGraph extends HTMLElement {
  /** @type {GraphView | null} */ #view = null;
  /** @type {Reply | null} */ #reply = null;
  /** @type {number | null} */ #sample = null;
  /** @type {string | null} */ #selected = null;
  /** @type {Record<string, Checked> | null} */ #checks = null;
  /** @type {number | null} */ #wished = null;
  /** @type {AbortController | null} */ #listening = null;
  /** @type {ResizeObserver | null} */ #observer = null;
  #locked = false;
  #low = false;
  #width = 0;
  #waiting = false;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("keydown", (event) => this.#keyed(event), { signal });
    for (const type of ["pointerover", "pointerleave"])
      this.addEventListener(type, (event) => this.#pointed(event), { signal });
    this.#observer = new ResizeObserver(() => {
      this.#view?.settle();
      const width = this.clientWidth;
      if (Math.abs(width - this.#width) <= 1 || width < 100) return;
      this.#width = width;
      this.#view?.resize(width, this.#low);
      this.#draw();
    });
    for (const part of [this, document.body]) this.#observer.observe(part);
    addEventListener("resize", () => this.#view?.settle(), { signal });
    document.fonts.addEventListener("loadingdone", () => this.#view?.again(), {
      signal,
    });
    if (this.#reply && !this.#view) this.#begin(new Model(this.#reply));
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#observer?.disconnect();
    this.#view?.player.pause();
  }

  get reply() {
    return this.#reply;
  }

  set reply(reply) {
    if (!reply || !("tensors" in reply)) return;
    this.#reply = reply;
    if (!this.isConnected) return;
    const model = new Model(reply);
    const graph = new Graph(model);
    this.#checks = null;
    if (this.#view?.graph.shape !== graph.shape) this.#begin(model, graph);
    else {
      this.#view.renew(model, graph);
      // At once: it comes between two frames, where there is time.
      this.#draw(true);
    }
  }

  get sample() {
    return this.#sample;
  }

  set sample(sample) {
    if (sample === this.#sample) return;
    this.#sample = sample;
    this.#draw();
  }

  get selected() {
    return this.#selected;
  }

  set selected(selected) {
    if (selected === this.#selected) return;
    this.#selected = selected;
    this.#draw();
  }

  get position() {
    return this.#view?.player.done ?? this.#wished ?? 0;
  }

  set position(position) {
    this.#wished = position;
    this.#view?.player.go(position);
  }

  get player() {
    return this.#view?.player ?? null;
  }

  get locked() {
    return this.#locked;
  }

  set locked(locked) {
    this.#locked = locked;
    if (this.#view) this.#view.bar.transport.locked = locked;
  }

  get low() {
    return this.#low;
  }

  set low(low) {
    if (low === this.#low) return;
    this.#low = low;
    this.#view?.resize(this.#width, low);
    this.#draw();
  }

  /** @param {Record<string, Checked> | null} gradients */
  check(gradients) {
    if (gradients === this.#checks) return;
    this.#checks = gradients;
    this.#draw();
  }

  /** Offer a key to the player. @param {KeyboardEvent} event */
  key(event) {
    return this.#view?.bar.transport.key(event) ?? false;
  }

  /** @param {Model} model @param {Graph} [graph] */
  #begin(model, graph = new Graph(model)) {
    const before = this.#view?.player;
    before?.pause();
    const finished = !before || before.done === before.stops;
    const wished = before ? before.done : this.#wished;
    this.#width = this.clientWidth || this.#width || 1200;
    const view = new GraphView(model, graph, this.#width, this.#low);
    this.#view = view;
    if (this.#selected && !graph.has(this.#selected)) this.#selected = null;
    view.player.go(
      wished === null || (before && finished) ? graph.stops.length : wished,
    );
    if (before) view.player.speed = before.speed;
    view.bar.transport.locked = this.#locked;
    this.#listen(view);
    this.replaceChildren(...view.elements);
    this.#draw(true);
  }

  /** @param {GraphView} view */
  #listen(view) {
    view.later = () => this.#draw();
    view.chosen((sample) => {
      this.sample = sample;
      this.#emit("sample", sample);
    });
    view.player.addEventListener("change", () => {
      this.#draw();
      this.#emit("moved");
    });
    view.player.addEventListener("play", () => {
      if (view.player.playing) this.#select(null);
      else view.say();
    });
    view.bar.element.addEventListener("stepped", () => {
      this.#select(null);
      this.#draw(true);
      view.say();
    });
  }

  /** Draw in the next frame, however much has changed until then. */
  #draw(now = false) {
    const show = () => {
      this.#waiting = false;
      const sample = this.#sampleThere();
      this.#view?.show({ sample, selected: this.#selected }, this.#checks);
    };
    if (now) show();
    else if (!this.#waiting) {
      this.#waiting = true;
      requestAnimationFrame(() => {
        if (this.#waiting) show();
      });
    }
  }

  /** The sample, or the last one where the batch has become smaller. */
  #sampleThere() {
    if (this.#sample === null || !this.#view) return this.#sample;
    const { model } = this.#view.player;
    const [main] = this.#view.graph.main;
    return Math.min(this.#sample, model.tensor(main).values.length - 1);
  }

  /** @param {string | null} tensor */
  #select(tensor) {
    if (tensor === this.#selected) return;
    this.selected = tensor;
    this.#emit("select", tensor);
  }

  /** Choose, and tell those who do not see it. @param {string | null} tensor */
  #choose(tensor) {
    this.#select(tensor);
    this.#draw(true);
    this.#view?.say();
  }

  /** @param {Event} event */
  #clicked(event) {
    const from = elementOf(event);
    if (from?.closest(".graph-ways")) this.#select(null);
    const at = from?.closest(".graph-node, [data-gradient]");
    if (!at || !this.#view) return;
    const { player } = this.#view;
    player.pause();
    // On the way there a node shows how it is made, on the way back how its gradient is.
    const makes = at.matches(".graph-node") && !player.backward;
    const gradient = makes ? null : at.getAttribute("data-gradient");
    const tensor = gradient ?? at.getAttribute("data-tensor");
    this.#choose(tensor === this.#selected ? null : tensor);
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.defaultPrevented || !this.#view) return;
    if (event.key === "Escape" && this.#selected) {
      this.#choose(null);
      event.preventDefault();
    } else if (!elementOf(event)?.matches("button, input") || event.key !== " ")
      if (!elementOf(event)?.matches("input, select")) this.key(event);
  }

  /** @param {Event} event */
  #pointed(event) {
    const at = elementOf(event)?.closest("[data-tensor]");
    const tensor =
      event.type === "pointerover" ? at?.getAttribute("data-tensor") : null;
    const index = Number(
      elementOf(event)?.getAttribute("data-index") ?? this.#sampleThere() ?? 0,
    );
    this.#emit("point", tensor ? { tensor, index } : null);
  }

  /** @param {string} type @param {unknown} [detail] */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

/** @param {Event} event */
function elementOf({ target }) {
  return target instanceof Element ? target : null;
}

customElements.define("trace-graph", TraceGraph);
