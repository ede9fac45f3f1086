import { html, write } from "../../dom.js";

/** @import {Model} from "../../model.js" */
/** @import {BoardScene} from "./scene.js" */

/**
 * What is asked when a gradient is to be checked.
 *
 * @typedef {object} CheckRequest
 * @property {string} of  The tensor whose gradient it is.
 * @property {string} label  The name of the gradient.
 * @property {(good: boolean, words: string) => void} tell  How it went, in a few letters.
 */

/** Pixels of a button with what it tells, and of the gap behind it. */
const [WIDTH, GAP] = [196, 8];

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

/** Under each gradient a button: compare it with central differences. */
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

  /**
   * Put them under their gradients, as far as there is room; else one behind the other.
   *
   * @param {Model} model
   * @param {BoardScene} scene
   * @param {number} width
   */
  place(model, { groups }, width) {
    const names = checkable(model);
    const checks = names.map((name) => this.#check(model, name));
    if (model !== this.#model) checks.forEach(clear);
    this.#model = model;
    let end = -GAP;
    const margins = names.map((name) => {
      const at = groups.find(({ drawn }) => drawn.name === name)?.at.x ?? 0;
      const margin = Math.max(0, at - end - GAP);
      end += margin + GAP + WIDTH;
      return margin;
    });
    checks.forEach((check, i) => {
      const lead = end > width ? 0 : margins[i];
      check.style.setProperty("--lead", `${lead}px`);
    });
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
