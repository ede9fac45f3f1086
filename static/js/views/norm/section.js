import { inlined, stateOf } from "../../lab.js";
import { keepInAddress } from "../../section-address.js";
import { NormLab } from "./norm-lab.js";
import { ProblemBox } from "./problem-box.js";
import { NormSettings } from "./settings.js";

/** Milliseconds without a change after which the address is written. */
const SOON = 150;
const TYPED_IN = "input:not([type=range]), textarea";

/**
 * A section that speaks for itself: its settings, what it shows of them, its own undo and reset,
 * and its place in the address of the page.
 *
 * Events: "reply" (the figure has it), "settings" (they have been shown).
 */
export class NormSection extends EventTarget {
  /** @type {string[]} How the fragment names the cells that can be changed. */ #names;
  #makers;
  #follow;
  #views;
  #undo;
  #keeping = 0;

  /**
   * @param {string} name
   * @param {string} op
   * @param {any} figure  Given every reply.
   * @param {object} how
   * @param {() => Record<string, string | number | null>} how.views  What it keeps in the address beside its settings; null for nothing.
   * @param {Record<string, string>} [how.makers]  Settings that make the numbers of cells anew: those set by hand are then no longer meant.
   * @param {(changed: Record<string, string>) => Record<string, string>} [how.follow]  What changes with a setting.
   */
  constructor(name, op, figure, { views, makers = {}, follow = () => ({}) }) {
    super();
    this.element = /** @type {HTMLElement} */ (
      document.querySelector(`.${name}-card`)
    );
    this.figure = figure;
    this.controls = inlined(`${name}-controls`);
    this.query = new URLSearchParams(location.search);
    this.settings = new NormSettings(
      /** @type {HTMLFormElement} */ (this.find("form")),
      this.controls,
    );
    this.#names = this.controls.flatMap((/** @type {any} */ { kind, key }) =>
      kind === "cells" ? key.slice(1) : [],
    );
    this.#makers = makers;
    this.#follow = follow;
    this.#views = views;
    this.#undo = /** @type {HTMLButtonElement} */ (
      this.find("[data-action=undo-here]")
    );
    this.lab = new NormLab(figure, this.controls, this.#opened(op));
    this.#listen();
  }

  /** @param {string} selector */
  find(selector) {
    return /** @type {HTMLElement} */ (this.element.querySelector(selector));
  }

  /** The state of the address; of the cells there, only its own. @param {string} op */
  #opened(op) {
    const state = stateOf(op, this.controls, this.query, location.hash);
    const edits = this.#names.map((name) => [name, state.edits[name] ?? {}]);
    return { ...state, edits: Object.fromEntries(edits) };
  }

  #listen() {
    const { element, figure, lab, settings } = this;
    const problem = new ProblemBox(this.find(".problem"), this.controls, lab);
    settings.form.addEventListener("setting", (event) => {
      const { key, value, again } = /** @type {CustomEvent} */ (event).detail;
      this.change({ [key]: value }, again);
    });
    settings.form.addEventListener("change", () => this.#show());
    lab.addEventListener("state", () => this.#show());
    lab.addEventListener("reply", (event) => {
      figure.reply = /** @type {CustomEvent} */ (event).detail;
      problem.hide();
      settings.fault(null);
      this.dispatchEvent(new Event("reply"));
      element.removeAttribute("data-later");
      this.keepSoon();
    });
    lab.addEventListener("problem", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      problem.show(detail);
      settings.fault(detail.field);
      this.keepSoon();
    });
    this.#undo.addEventListener("click", () => lab.undo());
    this.find("[data-action=reset-here]").addEventListener("click", () =>
      lab.reset(),
    );
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** What is undone here is not undone above. @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    if (key !== "z" || !(ctrlKey || metaKey) || altKey || shiftKey) return;
    // In a text it undoes what was typed.
    if (/** @type {Element} */ (target).matches(TYPED_IN)) return;
    event.preventDefault();
    this.lab.undo();
  }

  /** Show what the address asks for. */
  start() {
    this.#show();
    this.lab.ask();
  }

  #show() {
    this.settings.show(this.lab.state.values);
    this.#undo.ariaDisabled = String(!this.lab.history.canUndo);
    this.dispatchEvent(new Event("settings"));
  }

  /** Change settings. @param {Record<string, string>} changed @param {boolean} [again] */
  change(changed, again) {
    const { state } = this.lab;
    const edits = { ...state.edits };
    for (const key of Object.keys(changed))
      if (key in this.#makers) edits[this.#makers[key]] = {};
    const values = { ...state.values, ...changed, ...this.#follow(changed) };
    this.lab.change({ ...state, values, edits }, again);
  }

  /** Change a cell by hand. @param {string} name @param {number[]} place @param {number} value */
  changeCell(name, place, value) {
    const cells = { ...this.lab.state.edits[name], [place.join(".")]: value };
    this.lab.setCells(name, cells, false);
  }

  /** Keep what is shown in the address, and tell the page of the cells for its fragment. */
  keep() {
    const { values, edits } = this.lab.state;
    keepInAddress(this.controls, values, this.#views());
    for (const name of this.#names) {
      const detail = { name, edits: edits[name] ?? {} };
      this.element.dispatchEvent(
        new CustomEvent("state", { detail, bubbles: true }),
      );
    }
  }

  /** Browsers refuse an address that is written at every step of a play. */
  keepSoon() {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.keep(), SOON);
  }
}
