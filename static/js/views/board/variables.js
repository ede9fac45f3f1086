/** @import {Model} from "../../model.js" */
/** @import {Tensor} from "../../types.js" */

/**
 * A tensor as the board draws it: one that is padded shows its padding as a ring.
 *
 * @typedef {object} Drawn
 * @property {string} name  The tensor whose cells can be pointed at.
 * @property {string} wide  The tensor that is shown: with its padding, where it has any.
 * @property {[top: number, bottom: number, left: number, right: number]} ring
 * @property {boolean} editable
 * @property {"" | "−" | "="} sign  How it stands to what is above it.
 *
 * @typedef {{value: Drawn[], gradient: Drawn[]}} Column  A variable above its gradient.
 */

const ORDER = ["input", "weight", "output", "intermediate", "gradient"];

/**
 * The variables of a trace, each with its gradient, in the order of their roles.
 *
 * @param {Model} model
 * @returns {Column[]}
 */
export function columnsOf(model) {
  const { tensors } = model;
  const shown = Object.keys(tensors).filter(
    (name) => tensors[name].axes.length && !isWide(model, name),
  );
  const owner = new Map(shown.map((name) => [name, ownerOf(model, name)]));
  const heads = [...new Set(owner.values())].sort(
    (one, other) => rank(model, one) - rank(model, other),
  );
  return heads.map((head) => {
    const members = shown.filter((name) => owner.get(name) === head);
    const drawn = (/** @type {boolean} */ gradient) =>
      members
        .filter((name) => (tensors[name].role === "gradient") === gradient)
        .sort((one, other) => weightOf(tensors[other]) - weightOf(tensors[one]))
        .map((name) => drawnAs(model, name));
    return signed(model, { value: drawn(false), gradient: drawn(true) });
  });
}

/** Whether a trace is about gradients. @param {Record<string, Tensor>} tensors */
export function hasGradients(tensors) {
  return Object.values(tensors).some(({ role }) => role === "gradient");
}

/** The gradient of a tensor, if the trace has it. @param {Model} model @param {string} name */
export function gradientOf(model, name) {
  return Object.keys(model.tensors).find(
    (other) => model.tensors[other].gradientOf === name,
  );
}

/** What a tensor looks like with its padding. @param {Model} model @param {string} name */
export function wideOf(model, name) {
  const { tensors } = model;
  const padded = (/** @type {string} */ of) =>
    Object.keys(tensors).find((other) => tensors[other].extends === of);
  const own = padded(name);
  if (own) return own;
  const value = tensors[name].gradientOf;
  const wide = value === null ? undefined : padded(value);
  return (wide && gradientOf(model, wide)) ?? name;
}

/** Whether a tensor is another one with its padding. @param {Model} model @param {string} name */
export function isWide(model, name) {
  const { tensors } = model;
  const inner = (/** @type {string | null} */ of) =>
    of === null ? null : (tensors[of]?.extends ?? null);
  if (inner(name) !== null) return true;
  const narrow = inner(tensors[name].gradientOf);
  return narrow !== null && gradientOf(model, narrow) !== undefined;
}

/**
 * The tensor whose column another one stands in: its variable; the weights for what has one
 * number a filter; for what is compared with a variable, that variable.
 *
 * @param {Model} model
 * @param {string} name
 * @returns {string}
 */
function ownerOf(model, name) {
  const { tensors } = model;
  const { gradientOf: of, axes, shape, role } = tensors[name];
  if (axes.length === 1) {
    const weight = Object.keys(tensors).find(
      (other) =>
        tensors[other].role === "weight" && tensors[other].axes.length > 1,
    );
    if (weight) return weight;
  }
  if (of !== null) return of in tensors ? (tensors[of].extends ?? of) : name;
  if (role === "gradient" || gradientOf(model, name)) return name;
  const like = Object.keys(tensors).find(
    (other) =>
      tensors[other].role === "output" &&
      other !== name &&
      `${tensors[other].shape}` === `${shape}`,
  );
  return like ?? name;
}

/** @param {Model} model @param {string} name */
function rank(model, name) {
  const { role, gradientOf: of } = model.tensors[name];
  return ORDER.indexOf(role === "gradient" && of !== null ? "output" : role);
}

/** What stands first in a column: planes before single numbers, and what was computed. */
const weightOf = (/** @type {Tensor} */ { axes, role }) =>
  2 * axes.length + Number(role !== "input");

/** @param {Model} model @param {string} name @returns {Drawn} */
function drawnAs(model, name) {
  const wide = wideOf(model, name);
  const { shape, role } = model.tensors[name];
  const written = model.phases.some(({ writes }) => writes === name);
  return {
    name,
    wide,
    ring: wide === name ? [0, 0, 0, 0] : ringOf(model, wide, shape),
    editable: !written && role !== "output" && role !== "intermediate",
    sign: "",
  };
}

/** @param {Model} model @param {string} wide @param {number[]} inner */
function ringOf(model, wide, inner) {
  const tensor = model.tensors[wide];
  const value = tensor.gradientOf;
  const { offset } = value === null ? tensor : model.tensors[value];
  const [top, left] = offset.slice(-2);
  const [rows, columns] = tensor.shape.slice(-2);
  const [height, width] = inner.slice(-2);
  return /** @type {Drawn["ring"]} */ ([
    top,
    rows - height - top,
    left,
    columns - width - left,
  ]);
}

/**
 * An output, minus what it should be, is its gradient.
 *
 * @param {Model} model
 * @param {Column} column
 * @returns {Column}
 */
function signed(model, column) {
  const { value, gradient } = column;
  const shapes = value.map(({ name }) => `${model.tensors[name].shape}`);
  if (value.length !== 2 || shapes[0] !== shapes[1]) return column;
  return {
    value: [value[0], { ...value[1], sign: "−" }],
    gradient: gradient.map((drawn) => ({ ...drawn, sign: "=" })),
  };
}
