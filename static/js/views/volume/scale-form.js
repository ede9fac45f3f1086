import { html } from "../../dom.js";

/** @typedef {{width: number, height: number, channels: number, size: number, filters: number, stride: number, padding: number, dilation: number}} Fields */

/** Layers that are known by name. @type {[name: string, fields: Fields][]} */
const KNOWN = [
  [
    "Lecture: 227×227×3, 96 filters of 11, stride 4",
    {
      width: 227,
      height: 227,
      channels: 3,
      size: 11,
      filters: 96,
      stride: 4,
      padding: 0,
      dilation: 1,
    },
  ],
  [
    "VGG: 224×224×3, 64 filters of 3, padding 1",
    {
      width: 224,
      height: 224,
      channels: 3,
      size: 3,
      filters: 64,
      stride: 1,
      padding: 1,
      dilation: 1,
    },
  ],
];

/** Letter, label, smallest, largest; the server says what goes together. @type {[keyof Fields, string, string, number, number][]} */
const FIELDS = [
  ["width", "W₁", "Layer width", 1, 4096],
  ["height", "H₁", "Layer height", 1, 4096],
  ["channels", "D₁", "Layer channels", 1, 2048],
  ["size", "F", "Layer filter size", 1, 31],
  ["filters", "K", "Layer filters", 1, 4096],
  ["stride", "S", "Layer stride", 1, 16],
  ["padding", "P", "Layer padding", 0, 16],
  ["dilation", "d", "Layer dilation", 1, 16],
];

/** Which field a refusal is about. @type {Record<string, keyof Fields>} */
const AT_FAULT = {
  "x.width": "width",
  "x.height": "height",
  "x.channels": "channels",
  weight: "size",
  "weight.width": "size",
  "weight.height": "size",
  "weight.filters": "filters",
  stride: "stride",
  padding: "padding",
  dilation: "dilation",
};

/**
 * The sizes of a layer, to be chosen by name or typed.
 *
 * Events: "layer" (other sizes).
 */
export class ScaleForm extends EventTarget {
  element = html("form", {
    class: "scale-form",
    "aria-label": "Layer to scale",
    autocomplete: "off",
    novalidate: "",
  });
  #known = html("select", { class: "field", "aria-label": "Known layer" });
  /** @type {Map<keyof Fields, HTMLInputElement>} */ #inputs = new Map();

  constructor() {
    super();
    KNOWN.forEach(([name], i) =>
      this.#known.append(html("option", { value: i }, [name])),
    );
    this.#known.append(html("option", { value: "" }, ["Your own"]));
    this.element.append(this.#known);
    for (const [name, letter, label, least, most] of FIELDS) {
      const input = html("input", {
        class: "field",
        type: "number",
        min: least,
        max: most,
        "aria-label": label,
        value: KNOWN[0][1][name],
      });
      this.#inputs.set(name, input);
      this.element.append(
        html("label", { title: label }, [html("i", {}, [letter]), input]),
      );
    }
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.#known.addEventListener("change", () => this.#choose());
    this.element.addEventListener("input", (event) => {
      if (event.target === this.#known) return;
      this.#known.value = "";
      if (/** @type {HTMLInputElement} */ (event.target).value) this.#changed();
    });
  }

  #choose() {
    const known = KNOWN[Number(this.#known.value)];
    if (this.#known.value === "" || !known) return;
    for (const [name, value] of Object.entries(known[1]))
      this.#input(/** @type {keyof Fields} */ (name)).value = `${value}`;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("layer"));
  }

  /** @param {keyof Fields} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#inputs.get(name));
  }

  /** The body of a request. */
  get layer() {
    const value = (/** @type {keyof Fields} */ name) =>
      Number(this.#input(name).value);
    const size = value("size");
    return {
      x: {
        width: value("width"),
        height: value("height"),
        channels: value("channels"),
      },
      weight: { width: size, height: size, filters: value("filters") },
      stride: value("stride"),
      padding: value("padding"),
      dilation: value("dilation"),
    };
  }

  /** Mark the field that a refusal is about. @param {string | null} field */
  fault(field) {
    for (const [name, input] of this.#inputs)
      input.setAttribute(
        "aria-invalid",
        String(field !== null && AT_FAULT[field] === name),
      );
  }
}
