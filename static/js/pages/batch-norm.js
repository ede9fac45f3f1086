import { ask } from "../api.js";
import { copyText } from "../copy.js";
import { inTurn, write } from "../dom.js";
import { equalsText } from "../format.js";
import { inlined, stateOf } from "../lab.js";
import { fetchNear } from "../parts.js";
import "../views/graph/graph-figure.js";
import { fetchSection } from "../views/norm/later-section.js";
import { LaterViews } from "../views/norm/later-views.js";
import { NormLab } from "../views/norm/norm-lab.js";
import { NumberLines } from "../views/norm/number-lines.js";
import { PageAddress } from "../views/norm/page-address.js";
import { PageKeys } from "../views/norm/page-keys.js";
import { leadOn } from "../views/norm/page-places.js";
import { togglePresent } from "../views/norm/page-present.js";
import { fitPaper } from "../views/norm/page-print.js";
import { ProblemBox } from "../views/norm/problem-box.js";
import { NormSettings } from "../views/norm/settings.js";
import { toastIn } from "../views/norm/toast.js";

/** @import {Problem} from "../types.js" */
/** @import {Control} from "../url-state.js" */
/** @import {NormReply} from "../views/norm/types.js" */

customElements.define("number-lines", NumberLines);

const OP = "batch_norm_pass";
/** Milliseconds without a change after which the gradients are checked. */
const CALM = 200;

const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));
const query = new URLSearchParams(location.search);
const controls = inlined("controls");
const lines = /** @type {NumberLines} */ (find("number-lines"));
const graph = /** @type {any} */ (find("trace-graph"));
const later = new LaterViews(find(".check-card"));
const say = toastIn(find(".toast"));
const undo = find("[data-action=undo]");
const settings = new NormSettings(
  /** @type {HTMLFormElement} */ (find(".norm-settings")),
  controls,
);
const lab = new NormLab(
  graph,
  controls,
  stateOf(OP, controls, query, location.hash),
);
const problem = new ProblemBox(find(".problem"), controls, lab);
const address = new PageAddress(lab, OP, () => {
  const { position, player } = graph;
  const last = !player || position === player.stops;
  return {
    i: sample === null ? "all" : sample + 1,
    n: selected,
    t: last ? null : position,
    present: document.body.hasAttribute("data-present") ? 1 : null,
    scene,
  };
});

/** @type {NormReply | null} */
let reply = null;
/** @type {number | null} */
let sample = null;
/** @type {string | null} */
let selected = query.get("n");
let scene = query.get("scene");
let checking = 0;
let asking = new AbortController();

/** @param {NormReply} given */
function show(given) {
  const first = !reply;
  reply = given;
  const count = given.table[0].values.length;
  if (first) sample = chosenSample(count);
  if (sample !== null && sample >= count) sample = count - 1;
  // The other graph may have no such node.
  if (selected && !given.tensors[selected]) selected = null;
  accept();
  checkSoon();
  const parts = [
    () => showLines(given),
    () => pick(sample),
    () => (graph.reply = given),
    () => showLater(given),
  ];
  if (first) inTurn([...parts, begin]);
  else for (const show of parts) show();
  address.soon();
}

/** @param {NormReply} given */
function showLines(given) {
  if (!lab.waiting) lines.settle();
  lines.reply = given;
}

/** What is shown belongs to the settings again. */
function accept() {
  problem.hide();
  settings.fault(null);
  find("main").removeAttribute("data-stale");
}

/** What is shown belongs to earlier settings. @param {Problem} refused */
function refuse(refused) {
  const sentence = problem.show(refused);
  settings.fault(refused.field, sentence);
  find("main").toggleAttribute("data-stale", true);
  const [tensor, cells] = refused.field?.split(".") ?? [];
  const control = controls.find(
    (/** @type {Control} */ { path }) => path === refused.field,
  );
  const edited = lab.state.edits[control?.key.slice(1) ?? ""];
  if (cells === "edits" && edited) later.refuse(tensor, edited, sentence);
}

/** What stands below. @param {NormReply} given */
function showLater(given) {
  later.show(given);
  for (const part of document.querySelectorAll("[data-sum]")) {
    const { sum = "" } = /** @type {HTMLElement} */ (part).dataset;
    write(part, equalsText(given.names[sum]));
  }
}

/** What the address asks for beyond the numbers. */
function begin() {
  if (query.has("t")) graph.position = Number(query.get("t"));
  if (scene === "undo") match();
  fetchParts();
}

/** Once what stands above them has its height. */
function fetchParts() {
  const parts = document.querySelectorAll(
    "main [data-module]:not(.check-card)",
  );
  requestAnimationFrame(() => {
    later.await();
    fetchNear(/** @type {any} */ (parts), fetchSection);
  });
}

/** The sample of the address; the last one for newcomers. @param {number} count */
function chosenSample(count) {
  const text = query.get("i");
  if (text === "all") return null;
  const index = Number(text ?? count) - 1;
  return Math.max(0, Math.min(count - 1, index || 0));
}

/** @param {number | null} index */
function pick(index) {
  sample = index;
  for (const view of [lines, graph])
    if (view.sample !== sample) view.sample = sample;
  if (graph.selected !== selected) graph.selected = selected;
  later.mark(sample, selected);
  address.soon();
}

/** @param {string | null} tensor */
function select(tensor) {
  selected = tensor;
  pick(sample);
}

function checkSoon() {
  clearTimeout(checking);
  asking.abort();
  later.stale();
  graph.check(null);
  checking = setTimeout(check, CALM);
}

async function check() {
  const { signal } = (asking = new AbortController());
  const given = await ask("/api/checks", lab.body, signal).catch(() => null);
  if (signal.aborted || !given?.gradients || !reply) return;
  later.check(given.gradients);
  graph.check(given.gradients);
}

/** Let gamma and beta undo what the layer does to this batch. */
function match() {
  const { root, mean_x: mean } = reply?.names ?? {};
  if (root === undefined) return;
  lab.set({ gamma: String(root), beta: String(mean) });
}

function present() {
  const present = togglePresent();
  lines.toggleAttribute("data-compact", present);
  lines.redraw();
  graph.low = present;
  address.write();
}

function showSettings() {
  settings.show(lab.state.values);
  for (const button of document.querySelectorAll("[data-choose=graph]")) {
    const { value } = /** @type {HTMLElement} */ (button).dataset;
    const chosen = lab.state.values.graph === value;
    button.setAttribute("aria-pressed", String(chosen));
  }
}

lab.addEventListener("reply", (event) =>
  show(/** @type {CustomEvent} */ (event).detail),
);
lab.addEventListener("problem", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  clearTimeout(checking);
  lines.settle();
  if (!reply) fetchParts();
  refuse(detail);
  address.soon();
});
lab.addEventListener("state", () => {
  showSettings();
  later.stale();
  undo.ariaDisabled = String(!lab.history.canUndo);
});
settings.form.addEventListener("setting", (event) => {
  const { key, value, again } = /** @type {CustomEvent} */ (event).detail;
  lab.set({ [key]: value }, again);
});
for (const view of [lines, later.values])
  view.addEventListener("set", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    lab.setSample(detail.edits, detail.index, detail.value, detail.again);
  });
for (const view of [lines, later.values, graph])
  view.addEventListener("sample", (/** @type {any} */ event) =>
    pick(event.detail),
  );
for (const view of [graph, later.checks])
  view.addEventListener("select", (/** @type {any} */ event) =>
    select(event.detail),
  );
graph.addEventListener("moved", () => address.soon());
find("main").addEventListener("state", (event) =>
  address.keep(/** @type {CustomEvent} */ (event).detail),
);
find(".graph-head").addEventListener("click", ({ target }) => {
  const button = /** @type {Element} */ (target).closest("[data-choose]");
  if (button?.getAttribute("aria-pressed") === "false")
    lab.set({ graph: /** @type {HTMLElement} */ (button).dataset.value ?? "" });
});
addEventListener("hashchange", () => location.reload());
fitPaper();
leadOn(document.querySelectorAll(".norm-places a"));

const keys = new PageKeys(
  /** @type {HTMLDialogElement} */ (find("dialog.keys")),
  {
    single: {
      p: present,
      Escape: () => document.body.hasAttribute("data-present") && present(),
    },
    undo: () => lab.undo(),
    else: (event) => graph.key(event),
  },
);

/** @type {Record<string, () => void>} */
const actions = {
  copy: async () => {
    address.write();
    const copied = await copyText(location.href);
    say(copied ? "Link copied" : "Copy the selected link");
  },
  undo: () => lab.undo(),
  reset: () => lab.reset(),
  code: async () => {
    const there = await later.open(lab.body);
    if (!there) say("The program could not be fetched. Check the connection.");
  },
  keys: () => keys.open(),
  present,
  leave: present,
  match,
  "leave-scene": () => {
    scene = null;
    find(".scene-now").remove();
    find("h1").scrollIntoView({ block: "nearest" });
    address.write();
  },
};
for (const [name, act] of Object.entries(actions))
  document
    .querySelector(`[data-action=${name}]`)
    ?.addEventListener("click", act);

if (query.get("present")) present();
showSettings();
lab.start(inlined("reply"));
