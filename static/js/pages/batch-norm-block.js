import { ask } from "../api.js";
import { cellsOf, unravel } from "../boxes.js";
import { inlined, stateOf } from "../lab.js";
import { keepInAddress } from "../section-address.js";
import { StageRow } from "../views/block/stage-row.js";
import { NormLab } from "../views/norm/norm-lab.js";
import { ProblemBox } from "../views/norm/problem-box.js";
import { NormSettings } from "../views/norm/settings.js";

/** @import {CellRef} from "../types.js" */
/** @import {Edits} from "../url-state.js" */

customElements.define("stage-row", StageRow);

const OP = "block";
/** Milliseconds without a change after which the address is written, and gradients are checked. */
const [SOON, CALM] = [150, 300];

const section = /** @type {HTMLElement} */ (
  document.querySelector(".block-card")
);
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (section.querySelector(selector));
const figure = /** @type {StageRow} */ (find("stage-row"));
const undo = /** @type {HTMLButtonElement} */ (
  find("[data-action=block-undo]")
);
const controls = inlined("block-controls");
/** How the fragment names the cells that can be changed. */
const names = controls.flatMap((/** @type {any} */ { kind, key }) =>
  kind === "cells" ? key.slice(1) : [],
);
const query = new URLSearchParams(location.search);
const settings = new NormSettings(
  /** @type {HTMLFormElement} */ (find(".block-settings")),
  controls,
);
const opened = stateOf(OP, controls, query, location.hash);
const lab = new NormLab(/** @type {any} */ (figure), controls, {
  ...opened,
  edits: Object.fromEntries(
    names.map((/** @type {string} */ name) => [name, opened.edits[name] ?? {}]),
  ),
});
const problem = new ProblemBox(find(".problem"), controls, lab);
let keeping = 0;
let checking = 0;
let asking = new AbortController();

function keep() {
  const { position, stages, pinned, model } = figure;
  const place =
    pinned && model
      ? unravel(pinned.index, model.tensor(pinned.tensor).shape)
      : [];
  keepInAddress(controls, lab.state.values, {
    kn: position === stages ? null : position,
    kp: pinned ? [pinned.tensor, ...place.map((at) => at + 1)].join(".") : null,
  });
  for (const name of names) {
    const detail = { name, edits: lab.state.edits[name] ?? {} };
    section.dispatchEvent(new CustomEvent("state", { detail, bubbles: true }));
  }
}

/** Browsers refuse an address that is written at every step of a play. */
function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(keep, SOON);
}

function showSettings() {
  const { values } = lab.state;
  settings.show(values);
  find("[data-control=kg]").hidden = values.kup !== "given";
  find("[data-control=kt]").hidden = values.kup === "given";
  undo.disabled = !lab.history.canUndo;
}

/** The name that a tensor of the trace has in the request. @param {string} tensor */
function asked(tensor) {
  const role = figure.model?.tensor(tensor).role;
  return role === "gradient" ? "grad_y" : tensor;
}

/** @param {CellRef & {value: number}} cell */
function edit({ tensor, index, value }) {
  const name = asked(tensor);
  const alone = controls.find((/** @type {any} */ { path }) => path === name);
  if (alone) {
    lab.set({ [alone.key]: String(value) });
    return;
  }
  const cells = controls.find(
    (/** @type {any} */ { path }) => path === `${name}.edits`,
  );
  const { axes, shape } = figure.model?.tensor(tensor) ?? {
    axes: [],
    shape: [],
  };
  if (!cells) return;
  const place = unravel(index, shape).slice(axes[0] === "image" ? 1 : 0);
  const key = cells.key.slice(1);
  /** @type {Edits} */
  const edits = { ...lab.state.edits[key], [place.join(".")]: value };
  lab.setCells(key, edits, false);
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

/** The cell that the address names. */
function pinnedCell() {
  const [tensor, ...place] = (query.get("kp") ?? "").split(".");
  const shape = figure.model?.tensors[tensor]?.shape;
  const at = place.map((one) => Number(one) - 1);
  const inside =
    shape?.length === at.length &&
    at.every((one, i) => one >= 0 && one < shape[i]);
  if (!shape || !inside) return null;
  const [index] = cellsOf(
    at.map((one) => [one, 1, 1]),
    shape,
  );
  return { tensor, index };
}

/** Settings that make numbers anew: those set by hand are then no longer meant. */
const MAKERS = {
  kx: "kx",
  kxs: "kx",
  kw: "kw",
  kws: "kw",
  kg: "kg",
  kgs: "kg",
  kt: "kt",
};

settings.form.addEventListener("setting", (event) => {
  const { key, value, again } = /** @type {CustomEvent} */ (event).detail;
  const { state } = lab;
  const made = /** @type {Record<string, string>} */ (MAKERS)[key];
  const values = { ...state.values, [key]: value };
  const edits = made ? { ...state.edits, [made]: {} } : state.edits;
  lab.change({ ...state, values, edits }, again);
});
settings.form.addEventListener("change", showSettings);
figure.addEventListener("edit", (event) =>
  edit(/** @type {CustomEvent} */ (event).detail),
);
figure.addEventListener("moved", keepSoon);
lab.addEventListener("state", showSettings);
lab.addEventListener("reply", (event) => {
  const first = !figure.model;
  figure.reply = /** @type {CustomEvent} */ (event).detail;
  if (first) figure.pinned = pinnedCell();
  problem.hide();
  settings.fault(null);
  checkSoon();
  keepSoon();
});
lab.addEventListener("problem", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  problem.show(detail);
  settings.fault(detail.field);
  keepSoon();
});
undo.addEventListener("click", () => lab.undo());
find("[data-action=block-reset]").addEventListener("click", () => lab.reset());

if (query.has("kn")) figure.position = Number(query.get("kn"));
showSettings();
lab.ask();
