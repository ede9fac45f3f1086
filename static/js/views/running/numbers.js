import { html } from "../../dom.js";
import { fullText, isWhole, decimalsFor, valueText } from "../../format.js";

/** @import {Model} from "../../model.js" */
/** @import {Feed, Parts} from "./feed.js" */

/** What does not fit on a phone is scrolled, with keys too. */
const SCROLLED = { tabindex: 0, role: "group", "aria-label": "All statistics" };

/** All statistics of all batches that are fed, behind a summary. */
export class NumbersTable {
  #body = html("tbody");
  #head = html("tr");
  element = html("details", { class: "running-numbers" }, [
    html("summary", {}, ["All statistics, batch by batch"]),
    html("div", { class: "modes-scroll", ...SCROLLED }, [
      html("table", {}, [html("thead", {}, [this.#head]), this.#body]),
    ]),
  ]);

  /** @type {() => void} */ #fill = () => {};

  constructor() {
    this.element.addEventListener("toggle", () => this.#fill());
  }

  /** Filled when it is open. @param {Model} model @param {Parts} parts @param {Feed} feed */
  show(model, parts, { fed }) {
    this.#fill = () => this.#write(model, parts, fed);
    if (this.element.open) this.#fill();
  }

  /** @param {Model} model @param {Parts} parts @param {number} fed */
  #write(model, parts, fed) {
    const names = [
      ...new Set([
        parts.mean,
        parts.variance,
        ...parts.courses.map(({ follows }) => follows),
        ...parts.courses.map(({ running }) => running),
      ]),
    ];
    const titles = names.map((name) =>
      html("th", { scope: "col" }, [model.tensor(name).label]),
    );
    this.#head.replaceChildren(
      html("th", { scope: "col" }, ["Batch"]),
      ...titles,
    );
    const runs = parts.courses.map(({ running }) => running);
    const rows = Array.from({ length: fed + 1 }, (_, n) => {
      const cells = names.map((name) =>
        cellOf(model.tensor(name).values[runs.includes(name) ? n : n - 1]),
      );
      const first = html("th", { scope: "row" }, [n ? `${n}` : "start"]);
      return html("tr", {}, [first, ...cells]);
    });
    this.#body.replaceChildren(...rows);
  }
}

/** @param {number | undefined} value */
function cellOf(value) {
  if (value === undefined) return html("td");
  const decimals = decimalsFor([value]);
  const sign = isWhole(value, decimals) ? "" : "≈ ";
  const text = `${sign}${valueText(value, decimals)}`;
  return html("td", { title: fullText(value) }, [text]);
}
