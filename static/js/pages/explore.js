import { copyText } from "../copy.js";
import { html, inTurn, reveal, write } from "../dom.js";
import { inlined, Lab, stateOf } from "../lab.js";
import { addressOf } from "../url-state.js";
import { TraceFigure } from "../views/figure.js";
import { offerOf } from "../views/offer.js";
import { Rail } from "../views/rail.js";
import { shapesOf } from "../views/shapes.js";
import { plainly, wayOut } from "./refusal.js";
import { tellTabs } from "./tab-told.js";
import { Tabs } from "./tabs.js";
import { joinVolume } from "./volume-tab.js";

/** @import {Problem, Reply} from "../types.js" */

const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));
const query = new URLSearchParams(location.search);
const controls = inlined("controls");
const figure = /** @type {TraceFigure} */ (find("trace-figure"));
const rail = new Rail(/** @type {HTMLFormElement} */ (find(".rail")), controls);
const size = /** @type {any} */ (find("size-card"));
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
tellTabs(tabs, lab, problem, explain);

/** Pixels that header, tabs, chips, player and size card take, before they can be measured. */
const USUALLY_AROUND = 408;
/** On pages as wide as this, formulas stand beside a picture that has many. */
const BESIDE = 1200;
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
  const shownIn = tabs.chosen === "volume" ? volume : figure;
  const picture = shownIn.querySelector(".picture, .volume");
  if (!picture) return;
  placeReadout();
  if (innerWidth <= 900) return;
  const children = /** @type {HTMLElement[]} */ ([...find(".lab").children]);
  const shown = children.filter((child) => child.offsetHeight);
  const heights = shown.reduce((sum, child) => sum + child.offsetHeight + 8, 8);
  shownIn.room = Math.max(
    300,
    innerHeight -
      find(".site-header").offsetHeight -
      heights +
      picture.getBoundingClientRect().height +
      spare() -
      2,
  );
}

/** Pixels by which what stands beside the picture is higher. */
function spare() {
  const [frame, player] = [".frame", ".cards ~ .dock .transport"].map((part) =>
    figure.querySelector(part)?.getBoundingClientRect(),
  );
  return frame && player && innerWidth > BESIDE ? player.top - frame.bottom : 0;
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
  size.hidden = !reply.sizes.length;
  rail.fault(null);
}

/** What stands in view, at a glance; a layer to scale is another one than that of the settings. */
function showShapes() {
  const reply = /** @type {Reply} */ (figure.reply);
  const other = tabs.chosen === "volume" ? volume.names : null;
  const flipped = !other && lab.state.values.flip === "1";
  find(".shapes").replaceChildren(...shapesOf(other ?? reply.names, flipped));
  rail.form.inert = Boolean(other);
  size.hidden = Boolean(other) || !reply.sizes.length;
}

/** What stands around the picture; the first time each part in a task of its own. */
function showAround() {
  const reply = /** @type {Reply} */ (figure.reply);
  const parts = [
    () => size.show?.(reply, lab.state.values.strict === "1"),
    showShapes,
    () => learn.show?.(reply),
    fit,
  ];
  // A browser does much for a new address: the picture goes before it.
  if (started) {
    for (const show of parts) show();
    inTurn([writeAddress]);
  } else
    inTurn([
      ...parts,
      writeAddress,
      () => reveal(rail.form),
      () => tabs.check(),
    ]);
  started = true;
}

/** Leave room for an explanation in the place of the picture, and nothing stale beside it. */
function explain() {
  problem.hidden = false;
  figure.hidden = true;
  figure.player?.pause();
  size.hidden = true;
  find(".shapes").replaceChildren();
  reveal(rail.form);
  rail.form.inert = false;
  writeAddress();
}

/** Explain in place what cannot be, with the ways out. @param {Problem} fault */
function showProblem(fault) {
  explain();
  rail.fault(fault.field);
  const offers = (fault.remedies ?? [])
    .filter((remedy) => remedy.set)
    .map((remedy) =>
      offerOf({ ...remedy, label: wayOut(remedy) }, (set) =>
        lab.set(set ?? {}),
      ),
    );
  const undoable = lab.history.canUndo;
  const back = html("button", { type: "button", class: "button" }, [
    undoable ? "Undo the last change" : "Start over",
  ]);
  back.addEventListener("click", () => (undoable ? lab.undo() : lab.reset()));
  problem.replaceChildren(
    html("h2", {}, ["This setting cannot be used"]),
    html("p", {}, [`${plainly(fault, controls)}.`]),
    html("div", { class: "offers" }, [...offers, back]),
  );
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
  if (lab.held) writeAddress();
});
rail.form.addEventListener("setting", (event) => {
  const { key, value } = /** @type {CustomEvent} */ (event).detail;
  lab.set({ [key]: value });
});
size.addEventListener("remedy", (/** @type {Event} */ event) =>
  lab.set(/** @type {CustomEvent} */ (event).detail),
);
size.addEventListener("strict", (/** @type {Event} */ event) => {
  lab.set({ strict: /** @type {CustomEvent} */ (event).detail ? "1" : "0" });
});
size.addEventListener("measure", (/** @type {Event} */ event) =>
  figure.measure(/** @type {CustomEvent} */ (event).detail),
);
volume.addEventListener("layer", () => {
  showShapes();
  fit();
});
tabs.addEventListener("tab", () => {
  lab.asks = tabs.op;
  lab.show();
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
  // What is typed into a number of the rail is set at once: undoing it undoes the setting.
  const number = target.matches(".rail [role=spinbutton]");
  const undone = !typing || number;
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && undone) {
    event.preventDefault();
    lab.undo();
    if (number) rail.restore(/** @type {HTMLInputElement} */ (target));
  }
  if (event.ctrlKey || event.metaKey || typing || !singleKeys.checked) return;
  if (event.key === "?") keys.showModal();
  else if (event.key === "p" || event.key === "P") togglePresent();
  else if (event.key === "Escape" && document.body.hasAttribute("data-present"))
    togglePresent();
  else if (target === document.body || target.matches("main, .lab"))
    (tabs.chosen === "volume" ? volume : figure).key?.(event);
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
