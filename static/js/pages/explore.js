import { copyText } from "../copy.js";
import { html, inTurn, reveal, write } from "../dom.js";
import { inlined, Lab, stateOf } from "../lab.js";
import { addressOf } from "../url-state.js";
import { TraceFigure } from "../views/figure.js";
import { Rail } from "../views/rail.js";
import { shapesOf } from "../views/shapes.js";
import { SizeCard } from "../views/size.js";
import { Tabs } from "./tabs.js";
import { joinVolume } from "./volume-tab.js";

/** @import {Problem, Reply} from "../types.js" */
/** @import {Control} from "../url-state.js" */

const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));
const query = new URLSearchParams(location.search);
const controls = inlined("controls");
const figure = /** @type {TraceFigure} */ (find("trace-figure"));
const rail = new Rail(/** @type {HTMLFormElement} */ (find(".rail")), controls);
const size = new SizeCard(find(".size-card"));
const toast = find(".toast");
const problem = find(".problem");
const keys = /** @type {HTMLDialogElement} */ (find("dialog.keys"));
const singleKeys = /** @type {HTMLInputElement} */ (
  find("[data-action=single-keys]")
);
const undo = /** @type {HTMLButtonElement} */ (find("[data-action=undo]"));

const op = /** @type {HTMLSelectElement} */ (find("[data-action=operation]"))
  .value;
const lab = new Lab(
  figure,
  controls,
  stateOf(op, controls, query, location.hash),
);
const learn = /** @type {any} */ (find("learn-card"));
learn.lab = lab;
const tabs = new Tabs(find("[role=tablist]"));
lab.asks = tabs.op;
const volume = /** @type {any} */ (find("volume-figure"));
joinVolume(volume, figure, lab, tabs);

/** Pixels that header, tabs, chips, player and size card take, before they can be measured. */
const USUALLY_AROUND = 408;
let moving = 0;
let started = false;
let fragment = location.hash;

function writeAddress() {
  // A fragment that is not ours was just typed: the page is about to be loaded with it.
  if (location.hash !== fragment) return;
  const { position } = figure;
  const view = {
    t: position === 1 ? null : position,
    c: figure.channel || null,
    present: document.body.hasAttribute("data-present") ? 1 : null,
    tab: tabs.chosen === "forward" ? null : tabs.chosen,
  };
  history.replaceState(null, "", addressOf(lab.state, controls, view));
  fragment = location.hash;
}

/** How high the picture may be, so that what belongs together is on one screen. */
function fit() {
  const picture = figure.querySelector(".picture");
  if (!picture) return;
  placeReadout();
  if (innerWidth <= 900) return;
  const children = /** @type {HTMLElement[]} */ ([...find(".lab").children]);
  const beside = innerWidth > 1200 ? learn : null;
  const shown = children.filter(
    (child) => child.offsetHeight && child !== beside,
  );
  const heights = shown.reduce((sum, child) => sum + child.offsetHeight + 8, 8);
  figure.room = Math.max(
    300,
    innerHeight -
      find(".site-header").offsetHeight -
      heights +
      picture.getBoundingClientRect().height -
      2,
  );
}

/** What is pointed at is told beside the tabs, where there is room, so that nothing below moves. */
function placeReadout() {
  const readout = document.querySelector(".readout");
  const wide = innerWidth > 900 && !document.body.hasAttribute("data-present");
  const place = wide ? find(".readout-place") : figure;
  if (!readout || readout.parentElement === place) return;
  if (wide) place.append(readout);
  else figure.querySelector(".transport")?.before(readout);
}

/** @param {Reply} reply */
function showReply(reply) {
  problem.hidden = true;
  find(".size-card").hidden = !reply.sizes.length;
  rail.fault(null);
}

/** What stands around the picture; the first time each part in a task of its own. */
function showAround() {
  const reply = /** @type {Reply} */ (figure.reply);
  const parts = [
    () => size.show(reply, lab.state.values.strict === "1"),
    () =>
      find(".shapes").replaceChildren(
        ...shapesOf(reply.names, lab.state.values.flip === "1"),
      ),
    () => learn.show?.(reply),
    fit,
  ];
  // A browser does much for a new address: the picture goes before it.
  if (started) {
    for (const show of parts) show();
    inTurn([writeAddress]);
  } else inTurn([...parts, writeAddress, () => reveal(rail.form)]);
  started = true;
}

/**
 * A refusal with the name that its control has on the page, and typeset as the page is.
 *
 * @param {string} message
 * @param {string | null} field
 */
function plainly(message, field) {
  const exact = controls.find(
    (/** @type {Control} */ { path }) => path === field,
  );
  const within = controls.find((/** @type {Control} */ { path }) =>
    path.startsWith(`${field}.`),
  );
  const name = exact?.label ?? within?.section;
  const words = name ? message.replace(/^[\w.]+: /, `${name}: `) : message;
  return typeset(words.replace(/\.$/, ""));
}

/** @param {string} words */
function typeset(words) {
  return words.replaceAll(">=", "≥").replace(/(?<![\w])(\d+)x(?=\d)/g, "$1×");
}

/** Explain in place what cannot be, with the ways out. @param {Problem} fault */
function showProblem({ message, field, remedies }) {
  problem.hidden = false;
  reveal(rail.form);
  find(".size-card").hidden = true;
  rail.fault(field);
  const offers = (remedies ?? [])
    .filter((remedy) => remedy.set)
    .map((remedy) => size.offer({ ...remedy, label: typeset(remedy.label) }));
  const undoable = lab.history.canUndo;
  const back = html("button", { type: "button", class: "button" }, [
    undoable ? "Undo the last change" : "Start over",
  ]);
  back.addEventListener("click", () => (undoable ? lab.undo() : lab.reset()));
  problem.replaceChildren(
    html("h2", {}, ["This setting has no output"]),
    html("p", {}, [`${plainly(message, field)}.`]),
    html("div", { class: "offers" }, [...offers, back]),
  );
  find(".shapes").replaceChildren();
  writeAddress();
}

/** @param {string} text */
function say(text) {
  write(toast, text);
  toast.toggleAttribute("data-shown", true);
  setTimeout(() => toast.toggleAttribute("data-shown", false), 2400);
}

function togglePresent() {
  const present = document.body.toggleAttribute("data-present");
  find("[data-action=present]").setAttribute("aria-pressed", String(present));
  fit();
  writeAddress();
}

lab.addEventListener("reply", (event) =>
  showReply(/** @type {CustomEvent} */ (event).detail),
);
figure.addEventListener("drawn", showAround);
lab.addEventListener("problem", (event) =>
  showProblem(/** @type {CustomEvent} */ (event).detail),
);
lab.addEventListener("state", () => {
  rail.show(lab.state.values);
  undo.disabled = !lab.history.canUndo;
});
rail.form.addEventListener("setting", (event) => {
  const { key, value } = /** @type {CustomEvent} */ (event).detail;
  lab.set({ [key]: value });
});
size.element.addEventListener("remedy", (event) =>
  lab.set(/** @type {CustomEvent} */ (event).detail),
);
size.element.addEventListener("strict", (event) => {
  lab.set({ strict: /** @type {CustomEvent} */ (event).detail ? "1" : "0" });
});
size.element.addEventListener("measure", (event) =>
  figure.measure(/** @type {CustomEvent} */ (event).detail),
);
tabs.addEventListener("tab", () => {
  lab.asks = tabs.op;
  lab.ask();
});
figure.addEventListener("moved", () => {
  clearTimeout(moving);
  moving = setTimeout(writeAddress, 150);
});

const actions = {
  copy: async () => {
    writeAddress();
    say(
      (await copyText(location.href))
        ? "Link copied"
        : "Copy the selected link",
    );
  },
  keys: () => keys.showModal(),
  present: togglePresent,
  leave: togglePresent,
  undo: () => lab.undo(),
  reset: () => lab.reset(),
  settings: () => {
    const open = document.body.toggleAttribute("data-settings");
    find("[data-action=settings]").setAttribute("aria-expanded", String(open));
    if (open) find(".rail .operation").focus();
  },
};
for (const [name, act] of Object.entries(actions))
  find(`[data-action=${name}]`).addEventListener("click", act);
find("[data-action=operation]").addEventListener("change", (event) => {
  location.search = `?op=${/** @type {HTMLSelectElement} */ (event.target).value}`;
});
singleKeys.checked = localStorage.getItem("single-keys") !== "off";
singleKeys.addEventListener("change", () =>
  localStorage.setItem("single-keys", singleKeys.checked ? "on" : "off"),
);

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.defaultPrevented || event.altKey || keys.open) return;
  const typing = target.matches(
    "input:not([type=range], [type=checkbox]), select, textarea",
  );
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) {
    event.preventDefault();
    lab.undo();
  }
  if (event.ctrlKey || event.metaKey || typing || !singleKeys.checked) return;
  if (event.key === "?") keys.showModal();
  else if (event.key === "p" || event.key === "P") togglePresent();
  else if (event.key === "Escape" && document.body.hasAttribute("data-present"))
    togglePresent();
  else if (target === document.body || target.matches("main, .lab"))
    (tabs.chosen === "volume" ? volume : figure).key(event);
});
addEventListener("resize", fit);
addEventListener("hashchange", () => location.reload());

if (query.has("t")) figure.dataset.start = query.get("t") ?? "1";
if (query.get("present")) togglePresent();
if (query.has("c")) figure.channel = Number(query.get("c")) || 0;
figure.room = Math.max(300, innerHeight - USUALLY_AROUND);
// In a task of its own, so that none is long.
tabs.ready.then(() =>
  setTimeout(() => {
    rail.show(lab.state.values);
    lab.start(inlined("reply"));
  }),
);
