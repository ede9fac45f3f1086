import { write } from "../dom.js";

/** @import {Picture} from "./picture.js" */
/** @import {Choices, Settings, View} from "./settings.js" */
/** @import {Point} from "./surface.js" */

/**
 * @typedef {object} Wishes  What the controls ask for.
 * @property {(changes: Partial<Settings>) => void} changed
 * @property {(point: Point) => void} moved
 * @property {(sample: string) => void} opened
 * @property {(sentence: string) => void} refused  Empty when nothing is wrong any more.
 */

const RADIOS = /** @type {const} */ (["filter", "mode", "view", "channel"]);
const PLACES = /** @type {const} */ (["row", "column"]);

/** The page's choices: filter, padding mode, view, channel, sample, and the pixel by number. */
export class Controls {
  #root;
  #wishes;
  /** @type {Record<string, HTMLInputElement[]>} */ #inputs = {};
  /** @type {HTMLElement[]} */ #samples;
  /** @type {Settings | null} */ #shown = null;
  /** @type {Picture | null} */ #picture = null;
  /** @type {Point} */ #point = { row: 0, column: 0 };

  /**
   * @param {HTMLElement} root
   * @param {Wishes} wishes
   */
  constructor(root, wishes) {
    this.#root = root;
    this.#wishes = wishes;
    for (const name of [...RADIOS, ...PLACES]) {
      this.#inputs[name] = [...root.querySelectorAll("input")].filter(
        (input) => input.name === name,
      );
    }
    const samples = root.querySelectorAll("[data-sample]");
    this.#samples = [.../** @type {NodeListOf<HTMLElement>} */ (samples)];
    root.addEventListener("change", (event) => {
      const { name, value } = /** @type {HTMLInputElement} */ (event.target);
      if (name === "filter") wishes.changed({ filter: value });
      else if (name === "mode") wishes.changed({ mode: value });
      else if (name === "channel") wishes.changed({ channel: Number(value) });
      else if (name === "view")
        wishes.changed({ view: value === "signed" ? "signed" : "clip" });
    });
    for (const name of PLACES) {
      const [input] = this.#inputs[name];
      input.addEventListener("input", () => this.#typed());
      input.addEventListener("blur", () => this.#settle());
    }
    for (const button of this.#samples) {
      const { sample = "" } = button.dataset;
      button.addEventListener("click", () => wishes.opened(sample));
    }
  }

  /** Bring the chosen filter into view within its list, without moving the page. */
  reveal() {
    const chosen = this.#inputs.filter
      .find((input) => input.checked)
      ?.closest("label");
    const list = chosen?.parentElement;
    if (!chosen || !list) return;
    list.scrollTop =
      chosen.offsetTop - (list.clientHeight - chosen.clientHeight) / 2;
    list.scrollLeft =
      chosen.offsetLeft - (list.clientWidth - chosen.clientWidth) / 2;
  }

  /** What can be chosen. @returns {Choices} */
  get choices() {
    const values = (/** @type {string} */ name) =>
      this.#inputs[name].map((input) => input.value);
    const { image = "", filter = "", mode = "" } = this.#root.dataset;
    return {
      filters: values("filter"),
      modes: values("mode"),
      first: { image, filter, mode },
    };
  }

  /**
   * A filter's size, and the view that suits it.
   *
   * @param {string} id
   */
  filter(id) {
    const chosen = this.#inputs.filter.find((input) => input.value === id);
    const { rows, columns, view } = chosen?.dataset ?? {};
    /** @type {View} */
    const suited = view === "signed" ? "signed" : "clip";
    return { id, rows: Number(rows), columns: Number(columns), view: suited };
  }

  /**
   * The pixel to show first in a sample, if it is one.
   *
   * @param {string} image
   * @returns {Point | null}
   */
  samplePoint(image) {
    const point = this.#samples.find(
      (button) => button.dataset.sample === image,
    )?.dataset.point;
    if (!point) return null;
    const [row, column] = point.split(",").map(Number);
    return { row, column };
  }

  /**
   * @param {Settings} settings
   * @param {Picture | null} picture
   * @param {Point} point
   */
  show(settings, picture, point) {
    if (settings !== this.#shown) this.#showSettings(settings);
    if (picture && picture !== this.#picture) this.#showFacts(picture);
    this.#point = point;
    for (const name of PLACES) {
      const [input] = this.#inputs[name];
      if (input.getAttribute("aria-invalid") === "true") continue;
      input.value = picture ? `${point[name] + 1}` : "";
    }
  }

  /** @param {Settings} settings */
  #showSettings(settings) {
    this.#shown = settings;
    for (const name of RADIOS) {
      for (const input of this.#inputs[name])
        input.checked = input.value === `${settings[name]}`;
    }
    const chosen = this.#inputs.filter.find((input) => input.checked);
    const entry = chosen?.closest("label");
    const list = entry?.closest(".filters");
    if (entry && list) list.scrollTop = entry.offsetTop - 120;
    for (const button of this.#samples) {
      const chosen = button.dataset.sample === settings.image;
      button.setAttribute("aria-pressed", `${chosen}`);
    }
  }

  /** @param {Picture} picture */
  #showFacts(picture) {
    this.#picture = picture;
    const { width, height, channels, notes } = picture;
    this.#inputs.row[0].max = `${height}`;
    this.#inputs.column[0].max = `${width}`;
    const colours = channels.length === 1 ? "grey" : "colour";
    const find = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (this.#root.querySelector(name));
    write(find(".size"), `${width} × ${height} pixels, ${colours}`);
    write(find(".notes"), notes.join(" "));
    find(".channels").hidden = channels.length === 1;
  }

  #typed() {
    const { width = 1, height = 1 } = this.#picture ?? {};
    const row = this.#read("row", height);
    const column = this.#read("column", width);
    const rule =
      row === null ? `Row: use 1 to ${height}.` : `Column: use 1 to ${width}.`;
    this.#wishes.refused(row === null || column === null ? rule : "");
    if (row !== null && column !== null) this.#wishes.moved({ row, column });
  }

  /**
   * @param {"row" | "column"} name
   * @param {number} most
   */
  #read(name, most) {
    const [input] = this.#inputs[name];
    const value = Number(input.value);
    const good = Number.isInteger(value) && value >= 1 && value <= most;
    input.setAttribute("aria-invalid", `${!good}`);
    return good ? value - 1 : null;
  }

  /** Leave a field: what could not be used gives way to the pixel that is shown. */
  #settle() {
    for (const name of PLACES) {
      const [input] = this.#inputs[name];
      if (input.getAttribute("aria-invalid") !== "true") continue;
      input.setAttribute("aria-invalid", "false");
      input.value = `${this.#point[name] + 1}`;
      this.#wishes.refused("");
    }
  }
}
