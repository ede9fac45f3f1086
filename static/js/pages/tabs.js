import { fetchPart } from "../parts.js";

/**
 * The tabs of a page: one is chosen, by click or with the arrow keys.
 *
 * Events: "tab" (another one is chosen).
 */
export class Tabs extends EventTarget {
  /** @type {HTMLButtonElement[]} */ #tabs;
  /** @type {Map<HTMLButtonElement, Promise<unknown>>} */ #loaded = new Map();

  /** @param {HTMLElement} list  Its tablist. */
  constructor(list) {
    super();
    this.#tabs = [.../** @type {any} */ (list.querySelectorAll("[role=tab]"))];
    list.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      const tab = this.#tabs.find((one) => one.contains(target));
      if (tab) this.#choose(tab);
    });
    list.addEventListener("keydown", (event) => this.#keyed(event));
    document.body.dataset.tab = this.chosen;
    // The tab that the page opens with has its module in the page itself, behind this one.
    const there = new Promise((done) =>
      document.addEventListener("DOMContentLoaded", done, { once: true }),
    );
    this.#loaded.set(this.#selected, there);
    /** Settled when the tab that the page opens with has what it needs. */
    this.ready = there;
  }

  /** The name of the chosen tab. */
  get chosen() {
    return this.#selected.dataset.tab ?? "";
  }

  /** The operation that the chosen tab asks for. */
  get op() {
    return this.#selected.dataset.op ?? "";
  }

  get #selected() {
    const isChosen = (/** @type {Element} */ tab) =>
      tab.getAttribute("aria-selected") === "true";
    return this.#tabs.find(isChosen) ?? this.#tabs[0];
  }

  /** @param {HTMLButtonElement} tab */
  async #choose(tab) {
    if (tab === this.#selected) return;
    for (const one of this.#tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
    }
    document.body.dataset.tab = this.chosen;
    const panel = document.querySelector(
      `#${tab.getAttribute("aria-controls")}`,
    );
    panel?.setAttribute("aria-labelledby", tab.id);
    await this.#load(tab);
    if (tab === this.#selected) this.dispatchEvent(new Event("tab"));
  }

  /** Fetch the module and the sheets of a tab, once. @param {HTMLButtonElement} tab */
  #load(tab) {
    let loaded = this.#loaded.get(tab);
    if (!loaded) {
      loaded = fetchPart(tab);
      this.#loaded.set(tab, loaded);
    }
    return loaded;
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = this.#tabs.indexOf(this.#selected);
    const next = this.#tabs.at((at + by) % this.#tabs.length);
    next?.focus();
    if (next) this.#choose(next);
  }
}
