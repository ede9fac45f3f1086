import { inlined, stateOf } from "../lab.js";
import { keepInAddress } from "../section-address.js";
import { NormLab } from "../views/norm/norm-lab.js";
import { ProblemBox } from "../views/norm/problem-box.js";
import { NormSettings } from "../views/norm/settings.js";
import { NormRunning } from "../views/running/running-figure.js";

customElements.define("norm-running", NormRunning);

const OP = "batch_norm_training";
/** Milliseconds without a step after which the address has the position. */
const CALM = 150;

const section = /** @type {HTMLElement} */ (
  document.querySelector(".running-card")
);
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (section.querySelector(selector));
const figure = /** @type {NormRunning} */ (find("norm-running"));
const undo = /** @type {HTMLButtonElement} */ (
  find("[data-action=running-undo]")
);
const controls = inlined("running-controls");
const query = new URLSearchParams(location.search);
const settings = new NormSettings(
  /** @type {HTMLFormElement} */ (find(".running-settings")),
  controls,
);
const lab = new NormLab(/** @type {any} */ (figure), controls, {
  ...stateOf(OP, controls, query, ""),
  edits: {},
});
const problem = new ProblemBox(find(".problem"), controls, lab);
let keeping = 0;

function keep() {
  const { position, mode, sample } = figure;
  keepInAddress(controls, lab.state.values, {
    rt: position,
    rmode: mode === "training" ? null : mode,
    ri: sample ? sample + 1 : null,
  });
}

/** Browsers refuse an address that is written at every step of a play. */
function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(keep, CALM);
}

function showSettings() {
  settings.show(lab.state.values);
  undo.disabled = !lab.history.canUndo;
}

settings.form.addEventListener("setting", (event) => {
  const { key, value, again } = /** @type {CustomEvent} */ (event).detail;
  lab.set({ [key]: value }, again);
});
settings.form.addEventListener("change", showSettings);
figure.addEventListener("moved", keepSoon);
figure.addEventListener("alone", (event) => {
  const { detail: alone } = /** @type {CustomEvent} */ (event);
  const rone = alone ? "one" : "batch";
  if (rone !== lab.state.values.rone) lab.set({ rone });
});
lab.addEventListener("state", showSettings);
lab.addEventListener("reply", (event) => {
  figure.reply = /** @type {CustomEvent} */ (event).detail;
  problem.hide();
  settings.fault(null);
  keepSoon();
});
lab.addEventListener("problem", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  problem.show(detail);
  settings.fault(detail.field);
  keepSoon();
});
undo.addEventListener("click", () => lab.undo());
find("[data-action=running-reset]").addEventListener("click", () =>
  lab.reset(),
);

if (query.has("rt")) figure.position = Number(query.get("rt"));
figure.mode = query.get("rmode") ?? "";
figure.sample = Number(query.get("ri") ?? 1) - 1;
showSettings();
lab.ask();
