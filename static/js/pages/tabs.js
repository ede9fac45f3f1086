import { Part } from "../parts.js";

/**
 * The tabs of a page: one is chosen, by click or with the arrow keys. What a tab brings is fetched
 * when it is first chosen.
 *
 * Events, of the tab that is chosen by then: "fetch" (what it brings is on its way), "missing"
 * (that did not come), "tab" (another one is chosen and has what it needs).
 */
export class Tabs extends EventTarget {
  /** @type {HTMLButtonElement[]} */ #tabs;
  /** @type {Map<HTMLButtonElement, Part>} */ #parts;
  /** @type {WeakSet<HTMLButtonElement>} */ #there = new WeakSet();
  #turn = 0;
  #first;

  /** @param {HTMLElement} list  Its tablist. */
  constructor(list) {
    super();
    this.#tabs = [.../** @type {any} */ (list.querySelectorAll("[role=tab]"))];
    this.#parts = new Map(this.#tabs.map((tab) => [tab, new Part(tab)]));
    list.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      const tab = this.#tabs.find((one) => one.contains(target));
      if (tab) this.#choose(tab);
    });
    list.addEventListener("keydown", (event) => this.#keyed(event));
    document.body.dataset.tab = this.chosen;
    // The tab that the page opens with has its module in the page itself, behind this one.
    this.#first = this.button;
    this.#there.add(this.#first);
    /** Settled when the tab that the page opens with has what it needs. */
    this.ready = new Promise((done) =>
      document.addEventListener("DOMContentLoaded", done, { once: true }),
    );
  }

  /** The name of the chosen tab. */
  get chosen() {
    return this.button.dataset.tab ?? "";
  }

  /** The operation that the chosen tab asks for. */
  get op() {
    return this.button.dataset.op ?? "";
  }

  /** The chosen tab itself. */
  get button() {
    const isChosen = (/** @type {Element} */ tab) =>
      tab.getAttribute("aria-selected") === "true";
    return this.#tabs.find(isChosen) ?? this.#tabs[0];
  }

  /** @param {HTMLButtonElement} tab */
  #choose(tab) {
    if (tab === this.button) return;
    for (const one of this.#tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
    }
    document.body.dataset.tab = this.chosen;
    const panel = document.querySelector(
      `#${tab.getAttribute("aria-controls")}`,
    );
    panel?.setAttribute("aria-labelledby", tab.id);
    this.open();
  }

  /** Open the chosen tab, when it has what it needs. @returns {Promise<boolean>} Whether it has. */
  async open() {
    const tab = this.button;
    const turn = ++this.#turn;
    if (!this.#there.has(tab)) {
      this.dispatchEvent(new Event("fetch"));
      if (await this.#parts.get(tab)?.fetch()) this.#there.add(tab);
    }
    const there = this.#there.has(tab);
    // Meanwhile another one may have been chosen, or this one once more.
    if (turn === this.#turn)
      this.dispatchEvent(new Event(there ? "tab" : "missing"));
    return there;
  }

  /** Make sure that the page came with what its first tab needs. */
  async check() {
    const tab = this.#first;
    if (await this.#parts.get(tab)?.fetch()) return;
    this.#there.delete(tab);
    if (tab === this.button) this.dispatchEvent(new Event("missing"));
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = this.#tabs.indexOf(this.button);
    const next = this.#tabs.at((at + by) % this.#tabs.length);
    next?.focus();
    if (next) this.#choose(next);
  }
}
