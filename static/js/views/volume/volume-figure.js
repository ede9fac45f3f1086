import { html } from "../../dom.js";
import { Model } from "../../model.js";
import { LayerPanel } from "./layer-panel.js";
import { ScalePanel } from "./scale-panel.js";

/** @import {Reply, StepNumbers} from "../../types.js" */

const NARROW = 640;
const HIGH = 600;
const WIDE = 860;
/** A layer to scale leaves room for the terms of a cell. */
const MOST = 440;

/**
 * A layer as a volume: boxes that unfold, played step by step; or any layer, to scale.
 *
 * Properties: `reply` (a trace as POST /api/trace answers it), `position` (of its player, kept in
 * step with others by whoever listens), `room` (height wished for a picture), `mode` ("layer" or
 * "scale"), `names` (of a layer to scale), `player`, `key(event)` (offer it a key),
 * `explain(phase, turn, numbers)`.
 *
 * Events: "moved" (the position), "layer" (another layer is in view), "explain" (detail {phase,
 * turn}: a step whose numbers are not there). It draws nothing before it is seen.
 */
export class VolumeFigure extends HTMLElement {
  /** @type {Reply | null} */ #reply = null;
  /** @type {LayerPanel | null} */ #layer = null;
  /** @type {ScalePanel | null} */ #scale = null;
  /** @type {"layer" | "scale"} */ #mode = "layer";
  #position = 1;
  #room = 440;
  #width = 0;
  #stale = false;
  #modes = html("div", {
    class: "either modes",
    role: "group",
    "aria-label": "Which layer",
  });
  #panel = html("div", { class: "volume-panel" });
  #observer = new ResizeObserver(([entry]) => {
    const { width } = entry.contentRect;
    if (width < 100 || Math.abs(width - this.#width) <= 1) return;
    this.#width = width;
    this.#show();
  });

  connectedCallback() {
    if (!this.firstElementChild) this.#begin();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.player?.pause();
  }

  #begin() {
    for (const [mode, name] of /** @type {["layer" | "scale", string][]} */ ([
      ["layer", "This layer"],
      ["scale", "To scale"],
    ])) {
      const button = html("button", { type: "button", "data-mode": mode }, [
        name,
      ]);
      button.addEventListener("click", () => (this.mode = mode));
      this.#modes.append(button);
    }
    this.append(this.#modes, this.#panel);
  }

  get reply() {
    return this.#reply;
  }

  set reply(reply) {
    if (!reply || !("tensors" in reply)) return;
    this.#reply = reply;
    this.#stale = true;
    if (this.checkVisibility()) this.#show();
    else this.#width = 0;
  }

  get player() {
    return this.#layer?.player ?? null;
  }

  get position() {
    return this.player?.position ?? this.#position;
  }

  set position(position) {
    this.#position = position;
    if (this.player && this.player.position !== position)
      this.player.seek(position);
  }

  get mode() {
    return this.#mode;
  }

  set mode(mode) {
    this.#mode = mode;
    this.player?.pause();
    this.#show();
    this.#emit("layer");
  }

  /** The sizes of the layer in view, where it is another one than that of the reply; else null. */
  get names() {
    return this.#mode === "scale" ? (this.#scale?.names ?? {}) : null;
  }

  /** @param {string} type @param {unknown} [detail] */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  get room() {
    return this.#room;
  }

  set room(room) {
    if (Math.abs(room - this.#room) < 4) return;
    this.#room = room;
    this.#show();
  }

  /** Numbers of a step that were asked for. @param {number} phase @param {number} turn @param {StepNumbers} numbers */
  explain(phase, turn, numbers) {
    this.player?.model.fetched.set(`${phase}:${turn}`, numbers);
    this.#show();
  }

  /** Offer a key to the player. @param {KeyboardEvent} event */
  key(event) {
    return (
      this.#mode === "layer" && (this.#layer?.transport.key(event) ?? false)
    );
  }

  /** Where there is little width, a picture may be higher: one scrolls anyway. */
  get #height() {
    return this.#width < NARROW ? Math.max(this.#room, HIGH) : this.#room;
  }

  #show() {
    if (this.#width < 100) return;
    for (const button of this.#modes.children)
      button.setAttribute(
        "aria-pressed",
        String(button.getAttribute("data-mode") === this.#mode),
      );
    if (this.#mode === "scale") this.#showScale();
    else this.#showLayer();
  }

  #showLayer() {
    if (!this.#reply) return;
    if (!this.#layer)
      this.#layer = new LayerPanel(
        new Model(this.#reply),
        this.#position,
        (type, detail) => this.#emit(type, detail),
      );
    else if (this.#stale) this.#layer.renew(new Model(this.#reply));
    this.#stale = false;
    this.#layer.transport.reason = this.#reply.reason;
    this.#put(this.#layer.element);
    this.#layer.place(this.#width, this.#height);
  }

  #showScale() {
    this.#scale ??= new ScalePanel(() => this.#emit("layer"));
    this.#put(this.#scale.element);
    const most = this.#width < NARROW ? HIGH : MOST;
    const beside =
      this.#width > WIDE && this.closest("[data-present]") !== null;
    this.#scale.place(this.#width, Math.min(this.#height, most), beside);
  }

  /** @param {HTMLElement} element */
  #put(element) {
    if (this.#panel.firstElementChild !== element)
      this.#panel.replaceChildren(element);
  }
}

customElements.define("volume-figure", VolumeFigure);
