/** Numbers as people read them. Nothing else formats; what is rounded says so with "≈". */

const MINUS = "\u2212";

/**
 * @param {number} value
 * @param {number} decimals
 * @returns {string} With a true minus sign, and never a negative zero.
 */
function fixed(value, decimals) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** What binary rounding may add to a number of ordinary size in the sums of a page. */
const ROUNDING = 1e-12;
/** The same of a large number, as a part of it: a few units in its last place. */
const UNITS = 4e-15;

/** @param {number} value */
const slack = (value) => Math.max(ROUNDING, UNITS * Math.abs(value));

/**
 * Whether a value written with so many decimals is the value itself, but for binary rounding.
 *
 * @param {number} value
 * @param {number} decimals
 */
function isExact(value, decimals) {
  return Math.abs(value - Number(value.toFixed(decimals))) <= slack(value);
}

/**
 * The one number of decimals for a group of numbers: as few as show them all, at most `most`.
 *
 * @param {Iterable<number>} values
 * @param {number} [most]
 * @returns {number}
 */
export function decimalsFor(values, most = 4) {
  let decimals = 0;
  for (const value of values) {
    while (decimals < most && !isExact(value, decimals)) decimals += 1;
  }
  return decimals;
}

/**
 * Whether all of these are shown unrounded with so many decimals.
 *
 * @param {Iterable<number>} values
 * @param {number} decimals
 */
export function allExact(values, decimals) {
  for (const value of values) if (!isExact(value, decimals)) return false;
  return true;
}

/**
 * A value in a grid cell: at most so many characters and its sign, so that both signs of a number
 * are rounded alike. Only what is 0, but for binary rounding, is shown as 0.
 *
 * @param {number} value
 * @param {number} [most]
 * @returns {string}
 */
export function cellText(value, most = 4) {
  const size = Math.abs(value);
  if (size <= ROUNDING) return "0";
  return (value < 0 ? MINUS : "") + sizeText(size, most);
}

/**
 * A size in at most so many characters; where they are few, a decimal says more than the 0 before
 * the point.
 *
 * @param {number} size
 * @param {number} most
 */
function sizeText(size, most) {
  if (size >= 10 ** most - 0.5) return short(size, most);
  const bare = most < 4;
  const written = (/** @type {number} */ decimals) =>
    size.toFixed(decimals).replace(bare ? /^0(?=\.)/ : "", "");
  let decimals = decimalsFor([size], 2);
  while (decimals && written(decimals).length > most) decimals -= 1;
  if (Number(size.toFixed(decimals))) return written(decimals);
  const [digit, power] = size.toExponential(0).split("e-");
  if (Number(power) > 3) return `${digit}e${MINUS}${power}`;
  return Number(`${digit}e-${power}`)
    .toString()
    .replace(most < 5 ? /^0/ : "", "");
}

/**
 * Whether a text shows a value unrounded.
 *
 * @param {number} value
 * @param {string} text
 */
export function isShown(value, text) {
  const shown = Number(text.replaceAll(MINUS, "-"));
  return Math.abs(shown - value) <= slack(value);
}

/**
 * A large number in few characters: 12k, 3M, 1e9.
 *
 * @param {number} size
 * @param {number} room
 */
function short(size, room) {
  for (const [unit, letter] of /** @type {[number, string][]} */ ([
    [1e3, "k"],
    [1e6, "M"],
  ])) {
    const text = `${Math.round(size / unit)}${letter}`;
    if (size >= unit / 2 && text.length <= room) return text;
  }
  return size.toExponential(0).replace("+", "");
}

/**
 * A value in a sum, a table or a sentence.
 *
 * @param {number} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function numberText(value, decimals = decimalsFor([value])) {
  return fixed(value, decimals);
}

/**
 * A very small number by its size alone: 4e−10.
 *
 * @param {number} value
 * @returns {string}
 */
export function tinyText(value) {
  return value ? value.toExponential(0).replace("-", MINUS) : "0";
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A value by its size: 2.7 × 10⁻¹⁰.
 *
 * @param {number} value
 * @param {number} [most]  Decimals of the factor.
 * @returns {string}
 */
export function powerText(value, most = 1) {
  if (!value) return "0";
  const [lead, power] = value.toExponential(most).split("e");
  const factor = Number(lead);
  const raised = power
    .replace("-", "⁻")
    .replace("+", "")
    .replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return `${fixed(factor, decimalsFor([factor], most))} × 10${raised}`;
}

/**
 * A value of any size among others with so many decimals: what they would show as 0, or as more
 * digits than one reads, is given by its size.
 *
 * @param {number} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function valueText(value, decimals = decimalsFor([value])) {
  const vanishes = value !== 0 && Number(value.toFixed(decimals)) === 0;
  if (!vanishes && Math.abs(value) < 1e7) return fixed(value, decimals);
  return powerText(value, 2);
}

/**
 * Whether `valueText` shows a value unrounded.
 *
 * @param {number} value
 * @param {number} decimals
 */
export function isWhole(value, decimals) {
  if (value !== 0 && Number(value.toFixed(decimals)) === 0)
    return (
      Math.abs(Number(value.toExponential(2)) - value) <=
      ROUNDING * Math.abs(value)
    );
  return Math.abs(value) < 1e7 && isExact(value, decimals);
}

/**
 * A value behind its sign of equality: "= 3.5", or "≈ 2.2913" where it is rounded.
 *
 * @param {number} value
 * @returns {string}
 */
export function equalsText(value) {
  const decimals = decimalsFor([value]);
  return `${isWhole(value, decimals) ? "=" : "≈"} ${valueText(value, decimals)}`;
}

/**
 * A value in full, for labels: plain digits and a plain hyphen, as one types it.
 *
 * @param {number} value
 * @returns {string}
 */
export function fullText(value) {
  return String(value === 0 ? 0 : value);
}

/**
 * Read what a person typed: a comma for a point, any minus sign; null if it is no number.
 *
 * @param {string} text
 * @returns {number | null}
 */
export function parseNumber(text) {
  const plain = text
    .trim()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/**
 * A whole number with its thousands apart. (The browser's own formatter takes 20 ms to wake.)
 *
 * @param {number} count
 * @returns {string} "1,568".
 */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string} "1 output", "9 outputs".
 */
export function counted(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/**
 * @param {number[]} numbers Counted from 0, in order.
 * @returns {string} "3 to 5" or "3, 5 and 7", counted from 1.
 */
export function rangeText(numbers) {
  const ones = [...new Set(numbers)].map((n) => n + 1).sort((a, b) => a - b);
  const regular = ones.every((n, i) => n === ones[0] + i);
  if (ones.length > 2 && regular)
    return `${ones[0]} to ${ones[ones.length - 1]}`;
  if (ones.length < 2) return ones.join("");
  return `${ones.slice(0, -1).join(", ")} and ${ones[ones.length - 1]}`;
}
