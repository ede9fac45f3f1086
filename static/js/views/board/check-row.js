import { html, write } from "../../dom.js";

/** @import {Model} from "../../model.js" */

/**
 * What is asked when a gradient is to be checked.
 *
 * @typedef {object} CheckRequest
 * @property {string} of  The tensor whose gradient it is.
 * @property {string} label  The name of the gradient.
 * @property {(good: boolean, words: string) => void} tell  How it went, in a few letters.
 */

/**
 * The gradients of what is given: of anything else the gradient is on the way.
 *
 * @param {Model} model
 */
function checkable({ tensors, phases }) {
  const written = new Set(phases.map((phase) => phase.writes));
  return Object.keys(tensors).filter((name) => {
    const { gradientOf } = tensors[name];
    if (!gradientOf || !(gradientOf in tensors)) return false;
    return written.has(name) && !written.has(gradientOf);
  });
}

/** For each gradient a button: compare it with central differences. */
export class CheckRow {
  element = html("div", {
    class: "check-row",
    role: "group",
    "aria-label": "Check the gradients",
  });
  /** @type {Map<string, HTMLElement>} */ #kept = new Map();
  /** @type {Model | null} */ #model = null;

  /** @param {(request: CheckRequest) => void} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /** @param {Model} model */
  show(model) {
    const checks = checkable(model).map((name) => this.#check(model, name));
    if (model !== this.#model) checks.forEach(clear);
    this.#model = model;
    this.element.replaceChildren(...checks);
  }

  /** @param {Model} model @param {string} name */
  #check(model, name) {
    const { label, gradientOf } = model.tensor(name);
    const kept = this.#kept.get(label);
    if (kept) return kept;
    const long = `Check ${label.toLowerCase()}`;
    const button = html("button", { type: "button", "aria-label": long }, [
      long.replace("gradient of ", ""),
    ]);
    const said = html("output", {});
    const check = html("div", { class: "check" }, [button, said]);
    button.addEventListener("click", () =>
      this.ask({
        of: /** @type {string} */ (gradientOf),
        label,
        tell: (good, words) => {
          check.dataset.state = good ? "good" : "fault";
          write(said, `${good ? "✓" : "✗"} ${words}`.trim());
        },
      }),
    );
    this.#kept.set(label, check);
    return check;
  }
}

/** @param {HTMLElement} check */
function clear(check) {
  delete check.dataset.state;
  write(/** @type {Element} */ (check.lastElementChild), "");
}
