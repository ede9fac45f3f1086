import { unravel } from "../boxes.js";
import { cellOf, cellText } from "../section-address.js";
import { NormMaps } from "../views/maps/maps-figure.js";
import { NormSection } from "../views/norm/section.js";

customElements.define("norm-maps", NormMaps);

/** How the fragment names the cells that were changed. */
const CELLS = "f";

const figure = /** @type {NormMaps} */ (document.querySelector("norm-maps"));
const section = new NormSection("maps", "norm", figure, {
  makers: { fx: CELLS, fs: CELLS },
  follow: ({ fc }) => fittingGroups(Number(fc)),
  views: () => ({
    fp: figure.pinned === null ? null : cellText(figure.pinned, shape()),
    fv: figure.shown || null,
  }),
});
const { lab, query } = section;
const groups = /** @type {HTMLSelectElement} */ (section.find("[data-key=fg]"));

/** Of the maps. */
function shape() {
  return figure.model?.tensor("x").shape ?? [];
}

/**
 * The most groups, up to those that are set, that share out so many channels.
 *
 * @param {number} channels
 * @returns {Record<string, string>}
 */
function fittingGroups(channels) {
  if (!Number.isInteger(channels) || channels < 1) return {};
  let count = Math.min(channels, Number(lab.state.values.fg) || 1);
  while (channels % count) count -= 1;
  return { fg: String(count) };
}

section.addEventListener("settings", () => {
  const chosen = section.find("[data-choose=fk][aria-pressed=true]");
  if (chosen) figure.name = `${chosen.textContent} norm`;
  for (const option of groups.options)
    option.disabled = option.hidden =
      Number(lab.state.values.fc) % Number(option.value) !== 0;
});
section.addEventListener(
  "reply",
  () => (figure.pinned = cellOf(query.get("fp") ?? "", shape())),
  { once: true },
);
figure.addEventListener("cell", (event) => {
  const { index, value } = /** @type {CustomEvent} */ (event).detail;
  section.changeCell(CELLS, unravel(index, shape()), value);
});
figure.addEventListener("moved", () => section.keep());

figure.shown = query.get("fv") ?? "";
section.start();
