import { cellsOf, unravel } from "../boxes.js";
import { parseNumber } from "../format.js";
import { inlined, stateOf } from "../lab.js";
import { keepInAddress } from "../section-address.js";
import { NormMaps } from "../views/maps/maps-figure.js";
import { NormLab } from "../views/norm/norm-lab.js";
import { ProblemBox } from "../views/norm/problem-box.js";
import { Rail } from "../views/rail.js";

/** @import {Model} from "../model.js" */

customElements.define("norm-maps", NormMaps);

const OP = "norm";
/** How the fragment names the cells that were changed. */
const EDITS = "f";
/** Settings that make the numbers anew: those set by hand are then no longer meant. */
const MAKERS = ["fx", "fs"];
/** A number that is still being typed. */
const UNFINISHED = /^[-+\u2212.,]*$|e[-+\u2212]?$/i;

const section = /** @type {HTMLElement} */ (
  document.querySelector(".maps-card")
);
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (section.querySelector(selector));
const figure = /** @type {NormMaps} */ (find("norm-maps"));
const form = /** @type {HTMLFormElement} */ (find(".maps-settings"));
const undo = /** @type {HTMLButtonElement} */ (find("[data-action=maps-undo]"));
const kinds = [...find(".maps-kinds").querySelectorAll("button")];
const groups = /** @type {HTMLSelectElement} */ (
  form.querySelector("[data-key=fg]")
);
const controls = inlined("maps-controls");
const query = new URLSearchParams(location.search);
const lab = new NormLab(
  /** @type {any} */ (figure),
  controls,
  stateOf(OP, controls, query, location.hash),
);
const rail = new Rail(form, controls);
const problem = new ProblemBox(find(".problem"), controls, lab);

/** The state of an address holds the edits of all sections; here only those of the maps count. */
lab.history.replace({
  ...lab.state,
  edits: { [EDITS]: lab.state.edits[EDITS] ?? {} },
});

/** Keep the settings in the address, and tell the page of the cells for its fragment. */
function keep() {
  const { model, pinned, shown } = figure;
  const place = model && pinned !== null && unravel(pinned, shapeOf(model));
  keepInAddress(controls, lab.state.values, {
    fp: place ? place.map((at) => at + 1).join(".") : null,
    fv: shown || null,
  });
  const detail = { name: EDITS, edits: lab.state.edits[EDITS] ?? {} };
  section.dispatchEvent(new CustomEvent("state", { detail, bubbles: true }));
}

/** @param {Model} model */
const shapeOf = (model) => model.tensor("x").shape;

function showSettings() {
  const { values } = lab.state;
  rail.show(values);
  // What is no spinbutton has no value in the sense of ARIA.
  for (const field of form.querySelectorAll("input.field"))
    field.ariaValueNow = null;
  for (const button of kinds) {
    const chosen = button.dataset.kind === values.fk;
    button.setAttribute("aria-pressed", String(chosen));
    if (chosen) figure.name = `${button.textContent} norm`;
  }
  find("[data-control=fg]").hidden = values.fk !== "group";
  for (const option of groups.options)
    option.disabled = option.hidden =
      Number(values.fc) % Number(option.value) !== 0;
  undo.disabled = !lab.history.canUndo;
}

/** The most groups, up to those that are set, that share out so many channels. @param {number} channels */
function fittingGroups(channels) {
  let count = Math.min(channels, Number(lab.state.values.fg) || 1);
  while (channels % count) count -= 1;
  return String(count);
}

form.addEventListener("setting", (event) => {
  const { key, value } = /** @type {CustomEvent} */ (event).detail;
  const decimal = form.querySelector(`input.field[data-key="${key}"]`);
  if (decimal && UNFINISHED.test(value)) return;
  const text = decimal ? String(parseNumber(value) ?? value) : value;
  const channels = Number(value);
  const fits = key === "fc" && Number.isInteger(channels) && channels > 0;
  /** @type {Record<string, string>} */
  const shared = fits ? { fg: fittingGroups(channels) } : {};
  const { state } = lab;
  lab.change({
    ...state,
    values: { ...state.values, [key]: text, ...shared },
    edits: MAKERS.includes(key) ? {} : state.edits,
  });
});
form.addEventListener("change", showSettings);
for (const button of kinds)
  button.addEventListener("click", () => {
    const { kind = "" } = button.dataset;
    if (kind !== lab.state.values.fk) lab.set({ fk: kind });
  });
figure.addEventListener("cell", (event) => {
  const { index, value } = /** @type {CustomEvent} */ (event).detail;
  if (!figure.model) return;
  const place = unravel(index, shapeOf(figure.model)).join(".");
  lab.setCells(EDITS, { ...lab.state.edits[EDITS], [place]: value }, false);
});
figure.addEventListener("moved", keep);
lab.addEventListener("state", showSettings);
lab.addEventListener("reply", (event) => {
  figure.reply = /** @type {CustomEvent} */ (event).detail;
  problem.hide();
  rail.fault(null);
  keep();
});
lab.addEventListener("problem", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  problem.show(detail);
  rail.fault(detail.field);
  keep();
});
undo.addEventListener("click", () => lab.undo());
find("[data-action=maps-reset]").addEventListener("click", () => lab.reset());

function start() {
  figure.shown = query.get("fv") ?? "";
  const place = (query.get("fp") ?? "").split(".").map((at) => Number(at) - 1);
  lab.addEventListener(
    "reply",
    () => {
      const shape = figure.model && shapeOf(figure.model);
      if (!shape || !inside(place, shape)) return;
      [figure.pinned] = cellsOf(
        place.map((at) => [at, 1, 1]),
        shape,
      );
      keep();
    },
    { once: true },
  );
  showSettings();
  lab.ask();
}

/** @param {number[]} place @param {number[]} shape */
const inside = (place, shape) =>
  place.length === shape.length &&
  place.every((at, i) => at >= 0 && at < shape[i]);

start();
