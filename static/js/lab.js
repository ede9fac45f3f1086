import { askTrace } from "./api.js";
import { unravel } from "./boxes.js";
import { History } from "./history.js";
import { bodyOf, editsIn } from "./url-state.js";

/** @import {Control, State} from "./url-state.js" */
/** @import {Problem, Reply} from "./types.js" */
/** @import {TraceFigure} from "./views/figure.js" */

/**
 * A figure with a state that changes: every change is asked of the server, the latest wins, and
 * what is shown always belongs to the state that is set.
 *
 * Events: "state" (the state changed), "reply" (detail: Reply), "problem" (detail: Problem).
 */
export class Lab extends EventTarget {
  /** @type {AbortController | null} */ #asking = null;
  /** @type {{question: string, reply: Reply} | null} What is shown, and to what it is the answer. */
  #answered = null;
  #held = false;

  /**
   * @param {TraceFigure} figure
   * @param {Control[]} controls
   * @param {State} state
   */
  constructor(figure, controls, state) {
    super();
    this.figure = figure;
    this.controls = controls;
    this.history = new History(state);
    /** The operation that is asked for: the state's own, or the one of another tab. */
    this.asks = state.op;
    figure.addEventListener("edit", (event) =>
      this.#edited(/** @type {CustomEvent} */ (event).detail),
    );
    this.answer(figure);
  }

  get state() {
    return this.history.present;
  }

  /** What is asked of the server. */
  get body() {
    return bodyOf(this.state, this.controls, this.asks);
  }

  /**
   * Take the first reply, which came with the page; ask again if the address holds edits.
   *
   * @param {Reply | {problem: Problem}} reply
   */
  start(reply) {
    if (Object.keys(this.state.edits).length) this.ask();
    else this.#answer(JSON.stringify(this.body), reply);
  }

  /** @param {Record<string, string>} values @param {boolean} [again] */
  set(values, again) {
    const all = { ...this.state.values, ...values };
    this.change({ ...this.state, values: all }, again);
  }

  /** Everything as it is for a newcomer. */
  reset() {
    const values = { ...this.state.values };
    for (const { key, kind, query } of this.controls)
      if (kind !== "cells") values[key] = query;
    this.change({ ...this.state, values, edits: {} });
  }

  /**
   * Set cells as if they were changed by hand; one after the other they are one change to undo.
   *
   * @param {string} name  Of the tensor in the fragment.
   * @param {import("./url-state.js").Edits} cells
   * @param {boolean} again  Whether this takes the place of the last change.
   */
  setCells(name, cells, again) {
    const { edits } = this.state;
    return this.change(
      { ...this.state, edits: { ...edits, [name]: cells } },
      again,
    );
  }

  undo() {
    if (!this.history.canUndo) return;
    this.history.undo();
    return this.#changed();
  }

  /**
   * Go to another state.
   *
   * @param {State} state
   * @param {boolean} [again]  Whether it takes the place of the last change.
   */
  change(state, again = false) {
    if (again) this.history.replace(state);
    else this.history.push(state);
    return this.#changed();
  }

  /** Ask for the state and say that it changed: first the request, which takes its time. */
  #changed() {
    const asked = this.ask();
    this.emit("state");
    return asked;
  }

  /** @param {{tensor: string, index: number, value: number}} edit */
  #edited({ tensor, index, value }) {
    const control = this.controls.find(
      ({ kind, path }) => kind === "cells" && path === `${tensor}.edits`,
    );
    const model = this.figure.player?.model;
    if (!control || !model) return;
    const place = unravel(index, model.tensor(tensor).shape);
    const at = (
      model.tensor(tensor).axes[0] === "image" ? place.slice(1) : place
    ).join(".");
    const name = control.key.slice(1);
    const { edits } = this.state;
    this.change({
      ...this.state,
      edits: { ...edits, [name]: { ...edits[name], [at]: value } },
    });
  }

  async ask() {
    if (this.#held) return;
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const { body } = this;
    try {
      const reply = await askTrace(body, signal);
      this.#answer(JSON.stringify(body), reply);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** @param {string} question @param {Reply | {problem: Problem}} reply */
  #answer(question, reply) {
    if (!("problem" in reply)) this.#answered = { question, reply };
    this.take(reply);
  }

  /** Ask nothing, because nothing is there that would draw the answer. */
  hold() {
    this.#asking?.abort();
    this.#held = true;
  }

  get held() {
    return this.#held;
  }

  /** Show the state; what was asked last is not asked again, so this needs no connection. */
  show() {
    this.#held = false;
    const { question, reply } = this.#answered ?? {};
    if (!reply || question !== JSON.stringify(this.body)) return this.ask();
    this.#asking?.abort();
    this.take(reply);
  }

  /** Fetch the numbers of the steps that a figure lacks. @param {any} figure */
  answer(figure) {
    figure.addEventListener("explain", (/** @type {CustomEvent} */ event) =>
      this.#explain(event.detail, figure),
    );
  }

  /** @param {{phase: number, turn: number}} step @param {any} figure */
  async #explain({ phase, turn }, figure) {
    const { signal } = (this.#asking ??= new AbortController());
    const body = { ...this.body, at: turn };
    const reply = await askTrace(body, signal).catch(() => null);
    if (reply && "numbers" in reply)
      figure.explain(phase, turn, /** @type {any} */ (reply).numbers);
  }

  /** Show what the server answers. @param {Reply | {problem: Problem}} reply */
  take(reply) {
    if ("problem" in reply) {
      this.figure.hidden = true;
      this.figure.player?.pause();
      this.emit("problem", reply.problem);
      return;
    }
    this.figure.hidden = false;
    this.figure.reply = reply;
    this.emit("reply", reply);
  }

  /** @param {string} type @param {unknown} [detail] */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * The JSON that the server put into the page.
 *
 * @param {string} name
 */
export function inlined(name) {
  return JSON.parse(
    document.querySelector(`script[data-name="${name}"]`)?.textContent ??
      "null",
  );
}

/**
 * The state of the address: what the controls show, and the fragment's cells.
 *
 * @param {string} op
 * @param {Control[]} controls
 * @param {URLSearchParams} query
 * @param {string} hash
 * @returns {State}
 */
export function stateOf(op, controls, query, hash) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const { key, kind, query: usual } of controls) {
    if (kind !== "cells") values[key] = query.get(key) ?? usual;
  }
  return { op, values, edits: editsIn(hash) };
}
