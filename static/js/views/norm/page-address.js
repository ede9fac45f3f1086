import { addressOf } from "../../url-state.js";

/** @import {Edits} from "../../url-state.js" */
/** @import {Lab} from "../../lab.js" */

/** Writing the address at every move of a drag would be refused by some browsers. */
const PAUSE = 150;

/**
 * The address of the page: its state, what is shown of it, and what sections that speak for
 * themselves keep there.
 */
export class PageAddress {
  #lab;
  #op;
  #view;
  #fragment = location.hash;
  /** The place on the page that the address was opened at. */
  #place = /^#[\w-]+$/.test(location.hash) ? location.hash : "";
  #writing = 0;
  /** @type {Record<string, Edits>} */ #others = {};

  /**
   * @param {Lab} lab
   * @param {string} op  That goes without saying.
   * @param {() => Record<string, string | number | null>} view  What is shown; null leaves it out.
   */
  constructor(lab, op, view) {
    this.#lab = lab;
    this.#op = op;
    this.#view = view;
    const own = new Set(lab.controls.map(({ key }) => key));
    /** @type {Record<string, Edits>} */
    const mine = {};
    for (const [name, edits] of Object.entries(lab.state.edits))
      (own.has(`#${name}`) ? mine : this.#others)[name] = edits;
    lab.history.replace({ ...lab.state, edits: mine });
  }

  /** Keep the cells of a section. @param {{name: string, edits: Edits}} cells */
  keep({ name, edits }) {
    this.#others[name] = edits;
    this.soon();
  }

  soon() {
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.write(), PAUSE);
  }

  write() {
    // A fragment that is not ours was just typed: the page is about to be loaded with it.
    if (location.hash !== this.#fragment) return;
    const { state, controls } = this.#lab;
    const shown = this.#view();
    const known = new Set([
      ...Object.keys(shown),
      ...Object.keys(state.values),
    ]);
    const query = [...new URLSearchParams(location.search)];
    const kept = query.filter(([key]) => !known.has(key));
    const view = { ...shown, ...Object.fromEntries(kept) };
    const edits = { ...state.edits, ...this.#others };
    const address = addressOf({ ...state, edits }, controls, view, this.#op);
    // Cells take the fragment; without them it goes on leading to its place.
    const place = address.includes("#") ? "" : this.#place;
    history.replaceState(null, "", address + place);
    this.#fragment = location.hash;
  }
}
