import { reveal } from "../dom.js";
import { Model } from "../model.js";
import { viewFor } from "./kinds.js";

/** @import {Reply, StepNumbers} from "../types.js" */
/** @import {LiveView} from "./live-view.js" */

/**
 * A live picture of a trace with its sum, its player and what is pointed at.
 *
 * Attributes: `data-show` (words of: window sum, what stands besides the player), `data-start`
 * (the first position), `data-editable` (cells may be changed). Its first trace is the JSON in
 * its script element. A trace that no kind of picture on the page fits is kept, and not drawn.
 *
 * Properties: `reply` (another trace), `position`, `channel`, `locked` (no stepping), `room`
 * (height wished for the picture), `key(event)` (offer it a key).
 *
 * Events: "drawn" (a new trace is in the picture), "edit" (detail {tensor, index, value}), "moved"
 * (position or channel), "finished", "check" (detail: a request to check a gradient), "explain" (detail {phase, turn}: a step whose numbers are not
 * there).
 */
export class TraceFigure extends HTMLElement {
  /** @type {LiveView<any, any> | null} */ #view = null;
  /** @type {Reply | null} */ #reply = null;
  #channel = 0;
  #room = 470;
  /** @type {number | null} Where to begin, if it was set before there was a picture. */ #start =
    null;
  #locked = false;

  connectedCallback() {
    const script = this.querySelector("script");
    if (script && !this.#reply)
      this.reply = JSON.parse(script.textContent ?? "");
  }

  disconnectedCallback() {
    this.player?.pause();
  }

  get reply() {
    return this.#reply;
  }

  set reply(reply) {
    if (!reply || !("tensors" in reply)) return;
    this.#reply = reply;
    const View = viewFor(reply);
    if (!View) {
      setTimeout(() => this.dispatchEvent(new CustomEvent("drawn")));
      return;
    }
    const model = new Model(reply);
    const first = !(this.#view instanceof View);
    if (first) this.player?.pause();
    const view =
      this.#view instanceof View ? this.#view : this.#begin(model, View);
    this.#view = view;
    view.border = reply.border;
    view.transport.reason = reply.reason;
    if (first) this.#drawInTurn(view);
    else {
      view.renew(model);
      this.#drawn(view);
    }
  }

  /**
   * The first time, what has just been put into the page, the grids and their values are tasks of
   * their own, so that none is long.
   *
   * @param {LiveView<any, any>} view
   */
  #drawInTurn(view) {
    const still = (/** @type {() => void} */ act) => () => {
      if (view === this.#view) act(); // else another kind of trace has come since
    };
    const values = still(() => {
      view.show();
      this.#drawn(view);
    });
    const grids = still(() => {
      view.prepare(new Model(/** @type {Reply} */ (this.#reply)));
      setTimeout(values);
    });
    setTimeout(grids);
  }

  /** @param {LiveView<any, any>} view */
  #drawn(view) {
    const { model } = view.player;
    if (!model.playable) view.player.seek(Infinity);
    reveal(this);
    this.dispatchEvent(new CustomEvent("drawn"));
  }

  /**
   * @param {Model} model
   * @param {any} View
   */
  #begin(model, View) {
    const view = new View(model, {
      // Read while nothing has changed yet: later it would lay out the page once more.
      width: this.clientWidth,
      start: this.#begins,
      sum: (this.dataset.show ?? "sum").split(" ").includes("sum"),
      editable: this.hasAttribute("data-editable"),
      emit: (/** @type {string} */ type, /** @type {unknown} */ detail) =>
        this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true })),
    });
    view.room = this.#room;
    view.channel = this.#channel;
    view.locked = view.transport.locked = this.#locked;
    // Of another kind of view, something may have been placed elsewhere on the page.
    for (const element of this.#view?.elements ?? []) element.remove();
    this.replaceChildren(...view.blocks);
    return view;
  }

  get player() {
    return this.#view?.player ?? null;
  }

  /** Where a new picture begins. */
  get #begins() {
    return this.#start ?? Number(this.dataset.start ?? 1);
  }

  get position() {
    return this.player?.position ?? this.#begins;
  }

  set position(position) {
    if (this.player) this.player.seek(position);
    else this.#start = position;
  }

  get channel() {
    return this.#view?.channel ?? this.#channel;
  }

  set channel(channel) {
    this.#channel = channel;
    if (!this.#view) return;
    this.#view.channel = channel;
    this.#view.build();
  }

  get locked() {
    return this.#locked;
  }

  set locked(locked) {
    this.#locked = locked;
    if (this.#view) this.#view.locked = this.#view.transport.locked = locked;
  }

  get room() {
    return this.#room;
  }

  set room(room) {
    if (Math.abs(room - this.#room) < 4) return;
    this.#room = room;
    if (!this.#view) return;
    this.#view.room = room;
    this.#view.build();
  }

  /** Show on the picture what some sizes of the formula count. @param {string[]} names */
  measure(names) {
    this.#view?.picture.measure(names);
  }

  /**
   * Numbers of a step that were asked for.
   *
   * @param {number} phase
   * @param {number} turn
   * @param {StepNumbers} numbers
   */
  explain(phase, turn, numbers) {
    this.player?.model.fetched.set(`${phase}:${turn}`, numbers);
    this.#view?.build();
  }

  /** Offer a key to the player. @param {KeyboardEvent} event */
  key(event) {
    return this.#view?.transport.key(event) ?? false;
  }
}

customElements.define("trace-figure", TraceFigure);
