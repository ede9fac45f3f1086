import { html } from "../../dom.js";
import { Part } from "../../parts.js";
import { tellMissing } from "../missing.js";

/**
 * Fetch what a section lacks, and say so in its place if that does not come.
 *
 * @param {HTMLElement} section  Named by its heading; it holds a `.place`.
 */
export async function fetchSection(section) {
  const part = new Part(section);
  if (await part.fetch()) return;
  const heading = /** @type {HTMLElement} */ (section.querySelector("h2"));
  const box = html("div", { class: "problem", role: "alert" });
  section.querySelector(".place")?.replaceChildren(box);
  const name = `The section “${heading.textContent}”`;
  tellMissing(box, name, () => part.fetch(), heading);
}
