import { html, svg, write } from "../dom.js";
import { grouped } from "../format.js";

/** @import {Player} from "../player.js" */

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const ICONS = {
  first: "M5 4v12M16 4v12l-9 -6z",
  back: "M14 4v12l-9 -6z",
  play: "M6 4v12l10 -6z",
  pause: "M6.5 4v12M13.5 4v12",
  next: "M6 4v12l9 -6z",
  last: "M15 4v12M4 4v12l9 -6z",
};

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const drawing = svg("svg", {
    viewBox: "0 0 20 20",
    width: 18,
    height: 18,
    "aria-hidden": "true",
  });
  drawing.append(svg("path", { d: ICONS[name], class: "icon" }));
  return drawing;
}

/**
 * @param {keyof typeof ICONS} name
 * @param {string} label
 */
function iconButton(name, label) {
  const button = html("button", {
    type: "button",
    class: "button",
    "aria-label": label,
    title: label,
  });
  button.append(icon(name));
  return button;
}

/** First, back, play, next, last; a slider over the steps; the speed. */
export class Transport {
  element = html("div", {
    class: "transport",
    role: "group",
    "aria-label": "Player",
  });
  #first = iconButton("first", "First step");
  #back = iconButton("back", "Previous step");
  #play = html("button", {
    type: "button",
    class: "button button-primary play",
  });
  #next = iconButton("next", "Next step");
  #last = iconButton("last", "Last step");
  #scrub = html("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Step",
  });
  #count = html("span", { class: "count" });
  #reason = html("p", { class: "reason muted", hidden: "" });
  #speed = speedControl();
  #locked = false;

  /**
   * @param {Player} player
   * @param {string} unit  What a move makes, or is.
   */
  constructor(player, unit = "output") {
    this.player = player;
    this.unit = unit;
    const slider = html("label", { class: "speed", title: "Speed" }, [
      this.#speed.output,
      this.#speed.input,
    ]);
    this.element.append(
      this.#first,
      this.#back,
      this.#play,
      this.#next,
      this.#last,
      this.#scrub,
      this.#count,
      slider,
      this.#reason,
    );
    this.#first.addEventListener("click", () =>
      this.#act(() => player.seek(1)),
    );
    this.#back.addEventListener("click", () =>
      this.#act(() => player.previous()),
    );
    this.#next.addEventListener("click", () => this.#act(() => player.next()));
    this.#last.addEventListener("click", () =>
      this.#act(() => player.seek(player.length)),
    );
    this.#play.addEventListener("click", () => this.toggle());
    this.#scrub.addEventListener("input", () =>
      this.#act(() => player.seek(this.#scrub.valueAsNumber)),
    );
    this.#speed.input.addEventListener("input", () => {
      player.speed = SPEEDS[this.#speed.input.valueAsNumber];
    });
    for (const type of ["change", "play"])
      player.addEventListener(type, () => this.#show());
    this.#show();
  }

  /** Whether stepping is withheld, until a question is answered. */
  get locked() {
    return this.#locked;
  }

  set locked(locked) {
    this.#locked = locked;
    if (locked) this.player.pause();
    this.#show();
  }

  /** Why a trace cannot be played, or null. @param {string | null} reason */
  set reason(reason) {
    this.#reason.hidden = !reason;
    write(this.#reason, reason ?? "");
    this.element.toggleAttribute("data-finished", Boolean(reason));
    this.#show();
  }

  toggle() {
    if (this.#play.disabled) return;
    if (this.player.playing) this.player.pause();
    else this.player.play();
  }

  /** @param {() => void} step */
  #act(step) {
    this.player.pause();
    step();
    this.element.dispatchEvent(new CustomEvent("stepped", { bubbles: true }));
  }

  /** Take the keys within some elements that nothing else takes. @param {HTMLElement[]} elements */
  heed(elements) {
    const keyed = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      const other = event.ctrlKey || event.altKey || event.metaKey;
      const own =
        target.matches("input, select, textarea") ||
        (event.key === " " && target.matches("button"));
      if (!event.defaultPrevented && !other && !own) this.key(event);
    };
    for (const element of elements) element.addEventListener("keydown", keyed);
  }

  /**
   * The keys of the player, for wherever it is focused or nothing else is.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} Whether the key was one of them.
   */
  key(event) {
    const { player } = this;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => player.next(),
      PageDown: () => player.next(),
      ArrowLeft: () => player.previous(),
      PageUp: () => player.previous(),
      Home: () => player.seek(1),
      End: () => player.seek(player.length),
    };
    if (this.#locked || !player.model.playable) return false;
    if (event.key === " ") this.toggle();
    else if (keys[event.key]) this.#act(keys[event.key]);
    else return false;
    event.preventDefault();
    return true;
  }

  #show() {
    const { player } = this;
    const still = this.#locked || !player.model.playable;
    const atEnd = player.position === player.length;
    for (const button of [this.#play, this.#last, this.#first])
      button.disabled = still;
    this.#scrub.disabled = still;
    this.#next.disabled = still || atEnd;
    this.#back.disabled = still || player.position === 0;
    const playing = player.playing;
    if (this.#play.dataset.playing !== String(playing)) {
      this.#play.dataset.playing = String(playing);
      this.#play.replaceChildren(
        icon(playing ? "pause" : "play"),
        playing ? "Pause" : "Play",
      );
    }
    this.#scrub.max = String(player.length);
    this.#scrub.value = String(player.position);
    this.#scrub.style.setProperty(
      "--done",
      `${(100 * player.position) / Math.max(1, player.length)}%`,
    );
    this.#scrub.setAttribute(
      "aria-valuetext",
      `step ${player.position} of ${player.length}`,
    );
    const name = this.unit.charAt(0).toUpperCase() + this.unit.slice(1);
    const [of, at] = [grouped(player.length), grouped(player.position)];
    write(
      this.#count,
      player.model.playable ? `${name} ${at} of ${of}` : `${of} ${this.unit}s`,
    );
    write(this.#speed.output, `${player.speed}×`);
    this.#speed.input.value = String(SPEEDS.indexOf(player.speed));
    this.#speed.input.setAttribute("aria-valuetext", `${player.speed} times`);
  }
}

function speedControl() {
  const input = html("input", {
    type: "range",
    min: 0,
    max: SPEEDS.length - 1,
    step: 1,
    "aria-label": "Speed",
  });
  const output = html("span", { class: "speed-value", "aria-hidden": "true" });
  return { input, output };
}
