import { cellText, numberText, powerText, tinyText } from "../../format.js";

const MINUS = "\u2212";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** What is smaller, or as large, is given by its size where decimals do not show all of it. */
const SMALL = 1e-3;
const LARGE = 1e7;
const USUAL = 4;
/** Digits that a result has at least, and decimals beyond which nobody reads. */
const DIGITS = 3;
const MOST = 10;
/** Decimals that people write. */
const PLAIN = 6;
/** More digits than these are not in a number of the machine. */
const HELD = 14;

/** What binary rounding may add: a few units in the last place; in usual numbers what sums leave. */
const slack = (/** @type {number} */ value) =>
  Math.max(4e-15 * Math.abs(value), 1e-12 * Math.min(1, Math.abs(value)));

/** @param {number} value @param {number} decimals */
const isExact = (value, decimals) =>
  !value || Math.abs(Number(value.toFixed(decimals)) - value) <= slack(value);

/** @param {number} value  The power of ten that it is written with. */
const powerOf = (value) =>
  value ? Number(value.toExponential(DIGITS).split("e")[1]) : 0;

/** Moved by so many decimal places, without rounding. @param {number} value @param {number} places */
function moved(value, places) {
  const [factor, power] = value.toExponential().split("e");
  return Number(`${factor}e${Number(power) + places}`);
}

/** The number that a text says. @param {string} text */
function saidBy(text) {
  const plain = text.replaceAll(" ", "").replaceAll(MINUS, "-");
  const [factor, raised] = plain.split("×10");
  if (raised === undefined) return Number(plain);
  const power = raised
    .replace("⁻", "-")
    .replace(/[^-]/g, (digit) => String(RAISED.indexOf(digit)));
  return Number(`${factor}e${power}`);
}

/**
 * A number on the graph, in so many characters; what would be rounded to 0 says its size.
 *
 * @param {number} value
 * @param {number} [room]
 * @returns {string}
 */
export function shortText(value, room = 10) {
  const size = Math.abs(value);
  const usual = isExact(value, USUAL) || (size >= SMALL && size < LARGE);
  const least = decimalsFor([value]);
  for (let decimals = usual ? least : -1; decimals >= 0; decimals--) {
    const text = numberText(value, decimals);
    if (value && !Number(value.toFixed(decimals))) break;
    if (text.length <= room) return text;
    // In a narrow cell a digit says more than the 0 before the point.
    const bare = text.replace("0.", ".");
    if (room < 6 && size < 1 && bare.length <= room) return bare;
  }
  for (let decimals = DIGITS; decimals >= 0; decimals--) {
    const text = powerText(value, decimals).replaceAll(" ", "");
    if (text.length <= room) return text;
  }
  if (size >= 1) return cellText(value, value < 0 ? room - 1 : room);
  const tiny = (value < 0 ? MINUS : "") + tinyText(size);
  return tiny.length <= room ? tiny : "≈0";
}

/** The same with its sign, for what is added. @param {number} value @param {number} [room] */
export function signedText(value, room) {
  const text = shortText(value, room);
  return value > 0 ? `+${text}` : text;
}

/** Numbers for those who do not see them. @param {number[]} values */
export function saidOf(values) {
  const texts = values.map(plainText);
  const whole = values.every((value, i) => isWhole(value, texts[i]));
  return `${whole ? "" : "about "}${texts.join(", ")}`;
}

/** As one types it, for labels. @param {number} value */
function plainText(value) {
  const text = shortText(value, 12);
  const said = text.includes("×") ? String(saidBy(text)) : text;
  return said.replaceAll(MINUS, "-");
}

/**
 * Whether a number is shown as it is.
 *
 * @param {number} value
 * @param {string} text
 */
export function isWhole(value, text) {
  return Math.abs(saidBy(text) - value) <= slack(value);
}

/** The fewest decimals that show all of these, at most the usual number. @param {number[]} values */
function decimalsFor(values) {
  let decimals = 0;
  for (const value of values)
    while (decimals < USUAL && !isExact(value, decimals)) decimals += 1;
  return decimals;
}

/** Whether the usual number of decimals shows all of these. @param {number[]} values */
export function areExact(values) {
  return values.every((value) => isExact(value, USUAL));
}

/**
 * @typedef {object} Scale  How the numbers of a group are written.
 * @property {number} decimals
 * @property {number} power  Of ten, by which all are divided.
 */

/**
 * One number of decimals for a group of numbers, and a power of ten where they are tiny or huge: so
 * that what they come to has some digits.
 *
 * @param {number[]} values
 * @param {number} total  What must have them.
 * @returns {Scale}
 */
function scaleOf(values, total) {
  const largest = Math.max(0, ...values.map(Math.abs));
  if (areExact(values) && largest < 1e10)
    return { decimals: decimalsFor(values), power: 0 };
  const usual = largest >= SMALL && largest < LARGE;
  const power = usual ? 0 : powerOf(largest);
  const factors = values.map((value) => moved(value, -power));
  if (areExact(factors)) return { decimals: decimalsFor(factors), power };
  const needed = total ? DIGITS - 1 - powerOf(total) + power : 0;
  const held = HELD - Math.max(0, powerOf(largest) - power);
  const some = usual ? USUAL : DIGITS;
  return { decimals: Math.min(Math.max(some, needed), MOST, held), power };
}

/**
 * @typedef {object} Written  A number of a group.
 * @property {string} text  Without the power of ten of its group.
 * @property {string} full  With it.
 * @property {boolean} exact  Whether that says all.
 */

/** @param {number} value @param {Scale} scale @returns {Written} */
function writtenOn(value, { decimals, power }) {
  const factor = moved(value, -power);
  const vanishes = value !== 0 && !Number(factor.toFixed(decimals));
  const plain = value ? numberText(factor, decimals) : "0";
  const text = vanishes ? powerText(factor, DIGITS - 1) : plain;
  let full = power && value ? text + powerSign(power) : text;
  if (vanishes) full = powerText(value, DIGITS - 1);
  return { text, full, exact: isWhole(value, full) };
}

/** @param {number} power @returns {string} " × 10⁻⁶". */
function powerSign(power) {
  return power ? powerText(Number(`1e${power}`), 0).slice(1) : "";
}

/**
 * @typedef {object} Sum  Terms and what they come to, as they are shown.
 * @property {Written[]} terms  With a minus sign where they are negative.
 * @property {Written} total
 * @property {string} times  The power of ten of all terms, or empty.
 * @property {boolean} exact  Whether the texts say all.
 * @property {string} within  How far the texts fall short of re-adding, or empty.
 */

/**
 * Write a sum with one number of decimals, and say to within what it re-adds.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {boolean} [cancels]  Whether the total is zero but for rounding.
 * @returns {Sum}
 */
export function sumOf(terms, total, cancels = false) {
  const end = cancels ? 0 : total;
  const scale = scaleOf([...terms, end], end);
  const written = terms.map((value) => writtenOn(value, scale));
  const sum = writtenOn(end, scale);
  const unit = 10 ** scale.decimals;
  const units = (/** @type {Written} */ { text }) => {
    const all = saidBy(text) * unit;
    return Math.abs(all - Math.round(all)) < 0.01 ? Math.round(all) : all;
  };
  const added = written.reduce((all, one) => all + units(one), 0);
  const short = Math.abs(added - units(sum));
  const off = terms.length ? Math.ceil(short - 1e-6) : 0;
  const exact = [...written, sum].every((one) => one.exact) && off <= 0;
  const within = off > 0 ? `to within ${stepText(off, scale)}` : "";
  return {
    terms: written,
    total: sum,
    times: powerSign(scale.power),
    exact,
    within,
  };
}

/** So many units of the last decimal. @param {number} units @param {Scale} scale */
function stepText(units, { decimals, power }) {
  const size = moved(units, power - decimals);
  return power || decimals > USUAL + 1
    ? powerText(size)
    : numberText(size, decimals);
}

/** A number alone, with enough digits. @param {number} value @returns {Written} */
export function numberOf(value) {
  return sumOf([], value).total;
}

/**
 * Numbers to be compared, each with all the decimals that one reads and "≈" where it is rounded.
 *
 * @param {(number | null)[]} values  Null where there is none.
 * @param {number} [decimals]
 */
export function comparedTexts(values, decimals = MOST) {
  const there = values.filter((value) => value !== null);
  const largest = Math.max(0, ...there.map(Math.abs));
  const exact = areExact(there) && largest < LARGE;
  const usual = exact || (largest >= SMALL && largest < LARGE);
  const power = usual ? 0 : powerOf(largest);
  return values.map((value) => {
    if (value === null) return "\u2013";
    const { full } = writtenOn(value, { decimals, power });
    // Of so many decimals the last ones are of rounding, if not of the number.
    return isExact(moved(value, -power), PLAIN) ? full : `≈ ${full}`;
  });
}
