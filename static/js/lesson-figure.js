import { askTrace } from "./api.js";
import "./views/figure-view.js";
import { TraceFigure } from "./views/figure.js";
import { SizeCard } from "./views/size.js";

/** @import {Reply} from "./types.js" */

/**
 * A lesson's figure with what stands beside it: its settings, the size of the output, the lock
 * that keeps it still before a guess.
 */
export class LessonFigure {
  #figure;
  #form;
  #fault;
  #again;
  /** @type {SizeCard | null} */ #size = null;
  /** @type {Record<string, string>} Query keys to places in the request. */ #paths;
  /** @type {Record<string, any>} */ #body;
  #firstBody;
  /** @type {Reply} */ #firstReply;
  #asking = new AbortController();

  /** @param {HTMLElement} section */
  constructor(section) {
    const find = (/** @type {string} */ selector) =>
      /** @type {HTMLElement} */ (section.querySelector(selector));
    this.#figure = /** @type {TraceFigure} */ (find("trace-figure"));
    this.#form = /** @type {HTMLFormElement | null} */ (
      section.querySelector("form")
    );
    this.#fault = find("[data-fault]");
    this.#again = find("[data-again]");
    const { body, paths } = JSON.parse(
      find("[data-request]").textContent ?? "",
    );
    this.#paths = paths;
    this.#body = structuredClone(body);
    this.#firstBody = body;
    this.#firstReply = /** @type {Reply} */ (this.#figure.reply);
    this.#listen();
    const card = /** @type {HTMLElement | null} */ (
      section.querySelector(".size-card")
    );
    if (card) this.#showSize(card);
  }

  /** Before a guess nothing moves, answers a pointer or can be set. @param {boolean} locked */
  set locked(locked) {
    this.#figure.locked = this.#figure.inert = locked;
    for (const field of this.#form?.querySelectorAll("input") ?? [])
      field.disabled = locked;
  }

  #listen() {
    this.#form?.addEventListener("submit", (event) => event.preventDefault());
    this.#form?.addEventListener("change", (event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      this.#askAnew();
      if (field.checkValidity()) this.#change({ [field.name]: field.value });
      else this.#complain(field.validationMessage);
    });
    this.#again.addEventListener("click", () => {
      this.#askAnew();
      this.#body = structuredClone(this.#firstBody);
      this.#form?.reset();
      this.#take(this.#firstReply);
      this.#again.hidden = true;
    });
    this.#figure.addEventListener("explain", (event) =>
      this.#explain(/** @type {CustomEvent} */ (event).detail),
    );
  }

  /** Whatever was asked before is no longer wanted. */
  #askAnew() {
    this.#asking.abort();
    this.#asking = new AbortController();
    return this.#asking.signal;
  }

  /** @param {HTMLElement} element */
  #showSize(element) {
    this.#size = new SizeCard(element);
    this.#size.show(this.#firstReply, this.#body.strict);
    element.addEventListener("remedy", (event) =>
      this.#change(/** @type {CustomEvent} */ (event).detail),
    );
    element.addEventListener("strict", (event) =>
      this.#change({ strict: `${/** @type {CustomEvent} */ (event).detail}` }),
    );
  }

  /** @param {Record<string, string>} changes  New texts by query key. */
  async #change(changes) {
    const signal = this.#askAnew();
    for (const [key, text] of Object.entries(changes)) {
      place(this.#body, this.#paths[key], text);
      const field = this.#form?.elements.namedItem(key);
      if (field instanceof HTMLInputElement) field.value = text;
    }
    this.#again.hidden = false;
    const reply = await askTrace(this.#body, signal).catch(() => null);
    if (!reply || signal.aborted) return;
    if ("problem" in reply) this.#complain(reply.problem.message);
    else this.#take(reply);
  }

  /** @param {Reply} reply */
  #take(reply) {
    this.#complain("");
    this.#figure.reply = reply;
    this.#size?.show(reply, this.#body.strict === "true");
  }

  /** @param {string} message */
  #complain(message) {
    this.#fault.textContent = message;
    this.#fault.hidden = message === "";
    this.#figure.hidden = message !== "";
  }

  /** @param {{phase: number, turn: number}} step */
  async #explain({ phase, turn }) {
    const reply = await askTrace(
      { ...this.#body, at: turn },
      this.#asking.signal,
    ).catch(() => null);
    if (reply && "numbers" in reply)
      this.#figure.explain(phase, turn, /** @type {any} */ (reply).numbers);
  }
}

/**
 * Put a text at a dotted path of a request.
 *
 * @param {Record<string, any>} body
 * @param {string} path
 * @param {string} text
 */
function place(body, path, text) {
  const parents = path.split(".");
  const last = /** @type {string} */ (parents.pop());
  const holder = parents.reduce((inner, name) => (inner[name] ??= {}), body);
  holder[last] = text;
}
