import { html, write } from "../../dom.js";
import { equalsText } from "../../format.js";

/** @import {Letters} from "../graph/letters.js" */
/** @import {NormReply} from "./types.js" */

/** What all samples of the batch share: its statistics, scale and shift, and their gradients. */
export class SharedValues {
  element = html("dl", { class: "shared-values" });
  /** @type {{of: (reply: NormReply) => number, place: HTMLElement}[]} */ #shown =
    [];

  /** @param {NormReply} reply @param {Letters} letters */
  build({ tensors }, letters) {
    const shared = Object.keys(tensors).filter(
      (key) => !tensors[key].axes.includes("sample"),
    );
    const root = html("span", { class: "letter" }, ["√(σ² + ε)"]);
    const parts = shared.map((key) => {
      const said = html("span", { class: "visually-hidden" }, [
        tensors[key].label,
      ]);
      const seen = html("span", { "aria-hidden": "true" }, [letters.of(key)]);
      const of = (/** @type {NormReply} */ reply) =>
        reply.tensors[key].values[0];
      return { of, place: html("dd"), role: tensors[key].role, said, seen };
    });
    this.#shown = [
      ...parts,
      { of: ({ names }) => names.root, place: html("dd") },
    ];
    const rows = parts.map(({ role, said, seen, place }) =>
      html("div", { "data-role": role }, [html("dt", {}, [said, seen]), place]),
    );
    const last = this.#shown[parts.length].place;
    this.element.replaceChildren(
      ...rows,
      html("div", {}, [html("dt", {}, [root]), last]),
    );
  }

  /** @param {NormReply} reply */
  draw(reply) {
    for (const { of, place } of this.#shown)
      write(place, equalsText(of(reply)));
  }
}
