/**
 * How results below 0 and above 255 are shown.
 *
 * @typedef {"clip" | "signed"} View
 *
 * What the studio shows. The page's address holds all of it.
 *
 * @typedef {object} Settings
 * @property {string} image  The id of an uploaded picture or of a sample.
 * @property {string} filter
 * @property {string} mode
 * @property {View | null} view  Null is what suits the filter.
 * @property {number | null} row  Counted from 0; null is the picture's own choice.
 * @property {number | null} column
 * @property {number} channel
 *
 * @typedef {object} Choices  What the page offers.
 * @property {string[]} filters
 * @property {string[]} modes
 * @property {{image: string, filter: string, mode: string}} first
 */

const KEYS = {
  image: "img",
  filter: "f",
  mode: "mode",
  view: "view",
  row: "r",
  column: "c",
};
const CHANNEL = "ch";

/**
 * Read the settings from an address, and say what in it cannot be used.
 *
 * @param {string} search
 * @param {Choices} choices
 * @returns {{settings: Settings, faults: string[]}}
 */
export function readSettings(search, choices) {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const faults = [];
  /** @type {(key: string, known: string[], first: string, what: string) => string} */
  const oneOf = (key, known, first, what) => {
    const text = query.get(key);
    if (text === null || known.includes(text)) return text ?? first;
    faults.push(
      `The link asks for the ${what} “${text.slice(0, 40)}”, which does not exist.`,
    );
    return first;
  };
  /** @type {(key: string, what: string) => number | null} */
  const place = (key, what) => {
    const text = query.get(key);
    if (text === null) return null;
    if (/^[1-9]\d{0,4}$/.test(text)) return Number(text) - 1;
    faults.push(
      `The link's ${what} “${text.slice(0, 40)}” is not a whole number from 1 on.`,
    );
    return null;
  };
  const image = query.get(KEYS.image) ?? choices.first.image;
  const named = /^[a-z0-9-]{1,64}$/.test(image);
  if (!named) faults.push("The link names no picture that could exist.");
  const channel = query.get(CHANNEL) ?? "1";
  const settings = {
    image: named ? image : choices.first.image,
    filter: oneOf(KEYS.filter, choices.filters, choices.first.filter, "filter"),
    mode: oneOf(KEYS.mode, choices.modes, choices.first.mode, "padding mode"),
    view: viewOf(query.get(KEYS.view), faults),
    row: place(KEYS.row, "row"),
    column: place(KEYS.column, "column"),
    channel: /^[123]$/.test(channel) ? Number(channel) - 1 : 0,
  };
  return { settings, faults };
}

/**
 * @param {string | null} text
 * @param {string[]} faults
 * @returns {View | null}
 */
function viewOf(text, faults) {
  if (text === null || text === "clip" || text === "signed") return text;
  faults.push(
    `The link asks for the view “${text.slice(0, 40)}”, which does not exist.`,
  );
  return null;
}

/**
 * Write the settings as an address's query.
 *
 * @param {Settings} settings
 * @returns {string}
 */
export function writeSettings(settings) {
  const query = new URLSearchParams({
    [KEYS.filter]: settings.filter,
    [KEYS.mode]: settings.mode,
    [KEYS.image]: settings.image,
  });
  if (settings.view !== null) query.set(KEYS.view, settings.view);
  if (settings.row !== null) query.set(KEYS.row, `${settings.row + 1}`);
  if (settings.column !== null)
    query.set(KEYS.column, `${settings.column + 1}`);
  if (settings.channel > 0) query.set(CHANNEL, `${settings.channel + 1}`);
  return `?${query}`;
}
