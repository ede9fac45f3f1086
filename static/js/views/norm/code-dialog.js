import { ask } from "../../api.js";
import { copyText } from "../../copy.js";

/**
 * The program that gives the numbers on the screen, in two languages, in the dialog it holds.
 *
 * Method: `open(body)` (of the request that gave them).
 */
export class CodeDialog extends HTMLElement {
  /** @type {Record<string, string>} */ #programs = {};
  #asking = new AbortController();

  connectedCallback() {
    const dialog = this.#dialog;
    for (const tab of this.#tabs)
      tab.addEventListener("click", () => this.#choose(tab));
    dialog.addEventListener("keydown", (event) => this.#keyed(event));
    dialog
      .querySelector("[data-action=copy-code]")
      ?.addEventListener("click", () => this.#copy());
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  /** @returns {HTMLElement[]} */
  get #tabs() {
    return [
      .../** @type {any} */ (this.#dialog.querySelectorAll("[role=tab]")),
    ];
  }

  get #chosen() {
    const chosen = this.#tabs.find(
      (tab) => tab.getAttribute("aria-selected") === "true",
    );
    return chosen?.dataset.language ?? "";
  }

  get #code() {
    return /** @type {HTMLElement} */ (this.#dialog.querySelector("code"));
  }

  /** Open it with the programs for a request. @param {unknown} body */
  async open(body) {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    this.#programs = {};
    this.#code.textContent = "…";
    this.#say("");
    this.#dialog.showModal();
    const reply = await ask("/api/code", body, signal).catch(() => null);
    if (!reply || signal.aborted) return;
    if (reply.problem) this.#code.textContent = `# ${reply.problem.message}`;
    else {
      this.#programs = reply;
      this.#show();
    }
  }

  #show() {
    this.#code.textContent = this.#programs[this.#chosen] ?? "…";
  }

  /** @param {HTMLElement} tab */
  #choose(tab) {
    for (const one of this.#tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
    }
    this.#dialog
      .querySelector("[role=tabpanel]")
      ?.setAttribute("aria-labelledby", tab.id);
    this.#say("");
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || target.role !== "tab") return;
    const tabs = this.#tabs;
    const next = tabs.at((tabs.indexOf(target) + by) % tabs.length);
    event.preventDefault();
    next?.focus();
    if (next) this.#choose(next);
  }

  async #copy() {
    const code = this.#programs[this.#chosen];
    if (!code) return;
    const copied = await copyText(code, this.#dialog);
    this.#say(copied ? "Copied" : "Copy the selected text");
  }

  /** @param {string} text */
  #say(text) {
    const said = this.#dialog.querySelector("[role=status]");
    if (said) said.textContent = text;
  }
}
