import { html } from "../../dom.js";

/** @import {Letters} from "./letters.js" */
/** @import {Shown} from "./shown.js" */

/** Which sample is shown, or all; tells "choose" (detail: index or null). */
export class Samples {
  element = html("div", {
    class: "graph-samples",
    role: "group",
    "aria-label": "Sample shown",
  });
  #buttons = html("span", { class: "graph-choices" });
  #built = "";

  constructor() {
    this.element.append(
      html("span", { class: "muted" }, ["Sample shown"]),
      this.#buttons,
    );
    this.#buttons.addEventListener("click", (event) => {
      const { target } = event;
      const button =
        target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const detail =
        button.dataset.sample === "" ? null : Number(button.dataset.sample);
      this.element.dispatchEvent(new CustomEvent("choose", { detail }));
    });
  }

  /** @param {Shown} shown @param {Letters} letters */
  show(shown, letters) {
    const [main] = shown.graph.main;
    const key = `${main},${shown.samples}`;
    if (key !== this.#built) {
      this.#built = key;
      const each = Array.from({ length: shown.samples }, (_, i) =>
        html(
          "button",
          { type: "button", "data-sample": i, "aria-label": `Sample ${i + 1}` },
          [letters.of(main, i)],
        ),
      );
      const all = html("button", { type: "button", "data-sample": "" }, [
        "all",
      ]);
      all.setAttribute("aria-label", "All samples");
      this.#buttons.replaceChildren(...each, all);
    }
    const chosen = shown.sample === null ? "" : String(shown.sample);
    for (const button of this.#buttons.querySelectorAll("button"))
      button.setAttribute(
        "aria-pressed",
        String(button.dataset.sample === chosen),
      );
  }
}
