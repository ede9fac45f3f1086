import { html, write } from "../../dom.js";
import { powerText } from "../../format.js";
import { Model } from "../../model.js";
import { Letters } from "../graph/letters.js";
import { comparedTexts } from "../graph/numbers.js";
import { writeNumber } from "../graph/typeset.js";

/** @import {Checked, Checks, NormReply} from "./types.js" */

/** Of several numbers in one cell; a number alone has all that one reads. */
const FEW = 4;
/** In the place of what could not be found. */
const NONE = "\u2013";
const MANY = 4;
const COLUMNS = ["", "analytic", "numeric", "largest relative difference", ""];

/**
 * Each gradient beside its difference quotient.
 *
 * Properties: `checks` (null while they belong to earlier numbers), `sample`, `selected` (the
 * tensor of a gradient, or null).
 *
 * Events: "select" (detail: the tensor of a gradient).
 */
export class CheckCard extends HTMLElement {
  /** @type {NormReply | null} */ #reply = null;
  /** @type {Checks | null} */ #checks = null;
  /** @type {number | null} */ #sample = null;
  /** @type {string | null} */ #selected = null;
  #body = html("tbody");
  #verdict = html("p", { class: "verdict", role: "status" });
  #shape = "";

  connectedCallback() {
    if (this.#body.isConnected) return;
    const heads = COLUMNS.map((text) =>
      text ? html("th", { scope: "col" }, [text]) : html("td"),
    );
    const table = html("table", {}, [
      html("caption", { class: "visually-hidden" }, ["Numeric check"]),
      html("thead", {}, [html("tr", {}, heads)]),
      this.#body,
    ]);
    const box = { class: "table-box", role: "region", tabindex: 0 };
    this.append(
      this.#verdict,
      html("div", { ...box, "aria-label": "Numeric check, a table" }, [table]),
    );
    this.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      if (button) this.#emit(button.dataset.gradient ?? null);
    });
  }

  /** @param {string | null} detail */
  #emit(detail) {
    this.dispatchEvent(new CustomEvent("select", { detail }));
  }

  /** Belongs to other numbers from now on, until it is given anew. */
  stale() {
    this.toggleAttribute("data-stale", true);
  }

  /** @param {NormReply} reply @param {Checks} checks */
  show(reply, checks) {
    this.#reply = reply;
    this.#checks = checks;
    this.toggleAttribute("data-stale", false);
    this.#draw();
  }

  /** @param {number | null} sample @param {string | null} selected */
  mark(sample, selected) {
    this.#sample = sample;
    this.#selected = selected;
    this.#draw();
  }

  #draw() {
    if (!this.#reply || !this.#checks) return;
    const { tensors } = this.#reply;
    const entries = Object.entries(this.#checks).flatMap(([name, check]) => {
      const gradient = Object.keys(tensors).find(
        (key) => tensors[key].gradientOf === name,
      );
      return gradient ? [{ gradient, check }] : [];
    });
    const shape = entries.map(({ gradient }) => gradient).join() + this.#sample;
    if (shape !== this.#shape) {
      const letters = new Letters(new Model(this.#reply));
      this.#body.replaceChildren(
        ...entries.map(({ gradient, check }) =>
          rowOf(
            { name: gradient, label: tensors[gradient].label },
            letters.of(gradient, this.#index(check)),
          ),
        ),
      );
      this.#shape = shape;
    }
    entries.forEach(({ gradient, check }, n) => {
      const row = /** @type {HTMLTableRowElement} */ (this.#body.children[n]);
      const selected = gradient === this.#selected;
      row.toggleAttribute("data-selected", selected);
      row.querySelector("button")?.setAttribute("aria-pressed", `${selected}`);
      textsOf(check, this.#index(check)).forEach((text, i) =>
        writeNumber(row.cells[i + 1], text),
      );
      row.cells[4].dataset.agrees = String(check.agrees);
    });
    const wrong = entries.filter(({ check }) => !check.agrees).length;
    write(
      this.#verdict,
      wrong ? `${wrong} of ${entries.length} differ` : "✓ all agree",
    );
    this.#verdict.dataset.agrees = String(!wrong);
  }

  /** The sample whose number is shown; null for what has one number, or where all are meant. @param {Checked} check */
  #index({ analytic }) {
    return analytic.length > 1 ? this.#sample : null;
  }
}

/** @param {{name: string, label: string}} gradient @param {Element} letter */
function rowOf({ name, label }, letter) {
  letter.setAttribute("aria-hidden", "true");
  const said = html("span", { class: "visually-hidden" }, [label]);
  const button = html("button", { type: "button", "data-gradient": name }, [
    said,
    letter,
  ]);
  const cells = COLUMNS.slice(1).map(() => html("td"));
  return html("tr", {}, [html("th", { scope: "row" }, [button]), ...cells]);
}

/** @param {Checked} check @param {number | null} index */
function textsOf({ analytic, numeric, relative_error, agrees, why }, index) {
  const shown = [analytic, numeric].map((values) =>
    values.length > 1 && index !== null
      ? [values[Math.min(index, values.length - 1)]]
      : values,
  );
  const count = shown[0].length;
  // Both sides on one scale, so that one can compare them digit by digit.
  const texts = comparedTexts(shown.flat(), count > 1 ? FEW : undefined);
  const sides = [texts.slice(0, count), texts.slice(count)].map((side) =>
    count > MANY ? `${count} numbers` : side.join(", "),
  );
  return [
    ...sides,
    relative_error === null ? NONE : powerText(relative_error),
    agrees ? ["✓ agrees", why].filter(Boolean).join(": ") : (why ?? "differs"),
  ];
}
