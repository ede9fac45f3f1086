import { ask } from "../api.js";
import { unravel } from "../boxes.js";
import { cellOf, cellText } from "../section-address.js";
import { StageRow } from "../views/block/stage-row.js";
import { NormSection } from "../views/norm/section.js";

/** @import {CellRef} from "../types.js" */

customElements.define("stage-row", StageRow);

/** Milliseconds without a change after which gradients are checked. */
const CALM = 300;

const figure = /** @type {StageRow} */ (document.querySelector("stage-row"));
const section = new NormSection("block", "block", figure, {
  makers: {
    kx: "kx",
    kxs: "kx",
    kw: "kw",
    kws: "kw",
    kg: "kg",
    kgs: "kg",
    kt: "kt",
  },
  views: () => ({
    kn: figure.position === figure.stages ? null : figure.position,
    kp: pinnedText(),
  }),
});
const { controls, lab, query } = section;
let checking = 0;
let asking = new AbortController();

/** @param {string} tensor @returns {number[]} */
const shapeOf = (tensor) => figure.model?.tensors[tensor]?.shape ?? [];

function pinnedText() {
  if (!figure.pinned) return null;
  const { tensor, index } = figure.pinned;
  return `${tensor}.${cellText(index, shapeOf(tensor))}`;
}

/** The cell that the address names. */
function pinnedCell() {
  const [tensor, ...place] = (query.get("kp") ?? "").split(".");
  const index = cellOf(place.join("."), shapeOf(tensor));
  return index === null ? null : { tensor, index };
}

/** The name that a tensor of the trace has in the request. @param {string} tensor */
function asked(tensor) {
  const role = figure.model?.tensor(tensor).role;
  return role === "gradient" ? "grad_y" : tensor;
}

/** @param {CellRef & {value: number}} cell */
function edit({ tensor, index, value }) {
  const name = asked(tensor);
  const controlOf = (/** @type {string} */ path) =>
    controls.find((/** @type {any} */ control) => control.path === path);
  const alone = controlOf(name);
  const cells = controlOf(`${name}.edits`);
  if (alone) section.change({ [alone.key]: String(value) });
  else if (cells && figure.model) {
    const { axes, shape } = figure.model.tensor(tensor);
    const place = unravel(index, shape).slice(axes[0] === "image" ? 1 : 0);
    section.changeCell(cells.key.slice(1), place, value);
  }
}

function checkSoon() {
  clearTimeout(checking);
  asking.abort();
  checking = setTimeout(check, CALM);
}

async function check() {
  const { signal } = (asking = new AbortController());
  const given = await ask("/api/checks", lab.body, signal).catch(() => null);
  if (!signal.aborted && given?.gradients) figure.check(given.gradients);
}

section.addEventListener("settings", () => {
  const { kup } = lab.state.values;
  section.find("[data-control=kg]").hidden = kup !== "given";
  section.find("[data-control=kt]").hidden = kup === "given";
});
section.addEventListener("reply", () => (figure.pinned = pinnedCell()), {
  once: true,
});
section.addEventListener("reply", checkSoon);
figure.addEventListener("edit", (event) =>
  edit(/** @type {CustomEvent} */ (event).detail),
);
figure.addEventListener("moved", () => section.keepSoon());

if (query.has("kn")) figure.position = Number(query.get("kn"));
section.start();
