import { ask } from "../api.js";
import { copyText } from "../copy.js";
import { inTurn, motion, write } from "../dom.js";
import { equalsText } from "../format.js";
import { inlined, stateOf } from "../lab.js";
import { fetchNear } from "../parts.js";
import "../views/graph/graph-figure.js";
import { LaterViews } from "../views/norm/later-views.js";
import { NormLab } from "../views/norm/norm-lab.js";
import { NumberLines } from "../views/norm/number-lines.js";
import { PageAddress } from "../views/norm/page-address.js";
import { PageKeys } from "../views/norm/page-keys.js";
import { ProblemBox } from "../views/norm/problem-box.js";
import { NormSettings } from "../views/norm/settings.js";

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
const toast = find(".toast");
const undo = /** @type {HTMLButtonElement} */ (find("[data-action=undo]"));
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
  if (selected && !given.tensors[selected]?.gradientOf) selected = null;
  problem.hide();
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
    fetchNear(/** @type {any} */ (parts));
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

/** @param {string} text */
function say(text) {
  toast.textContent = text;
  toast.toggleAttribute("data-shown", true);
  setTimeout(() => toast.toggleAttribute("data-shown", false), 2400);
}

function togglePresent() {
  const present = document.body.toggleAttribute("data-present");
  find("[data-action=present]").setAttribute("aria-pressed", String(present));
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
  problem.show(detail);
  settings.fault(detail.field);
  address.soon();
});
lab.addEventListener("state", () => {
  showSettings();
  later.stale();
  undo.disabled = !lab.history.canUndo;
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
// The fragment of the address holds cells: a way on the page is no part of it.
for (const link of document.querySelectorAll(".norm-places a")) {
  const place = document.querySelector(link.getAttribute("href") ?? "main");
  link.toggleAttribute("hidden", !place);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (!(place instanceof HTMLElement)) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ behavior: motion() ? "smooth" : "auto" });
  });
}

const keys = new PageKeys(
  /** @type {HTMLDialogElement} */ (find("dialog.keys")),
  {
    single: {
      p: togglePresent,
      Escape: () =>
        document.body.hasAttribute("data-present") && togglePresent(),
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
  code: () => later.open(lab.body),
  keys: () => keys.open(),
  present: togglePresent,
  leave: togglePresent,
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

if (query.get("present")) togglePresent();
showSettings();
lab.start(inlined("reply"));
