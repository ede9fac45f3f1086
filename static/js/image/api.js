/** @import {Facts} from "./picture.js" */
/** @import {Settings} from "./settings.js" */

/**
 * One channel of one pixel, as the engine explains it.
 *
 * @typedef {object} ChannelSum
 * @property {string} label
 * @property {number[]} window
 * @property {number[]} products
 * @property {number[]} running
 * @property {number} sum
 * @property {number} quotient
 * @property {number} stored
 * @property {string} note
 *
 * @typedef {object} Explanation
 * @property {number} row
 * @property {number} column
 * @property {[rows: number, columns: number]} shape
 * @property {number[]} taps
 * @property {number} divisor
 * @property {number[]} beyond  The window's cells that lie beyond the edge.
 * @property {ChannelSum[]} channels
 */

const ROOT = "/api/images";
const SILENT =
  "The server does not answer. What you chose is still here; try again in a moment.";

/** An answer that is a refusal; its message is a sentence to show. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {number} status  0 where there was no answer at all.
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Ask once, and once more where the server is too busy at the moment.
 *
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function ask(path, options = {}) {
  let response = await reach(path, options);
  if (response.status === 503) {
    const seconds = Number(response.headers.get("Retry-After")) || 1;
    await new Promise((done) => setTimeout(done, Math.min(seconds, 5) * 1000));
    response = await reach(path, options);
  }
  if (response.ok) return response;
  throw new Refusal(await sentenceOf(response), response.status);
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  try {
    return await fetch(ROOT + path, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Refusal(SILENT, 0);
  }
}

/** @param {Response} response */
async function sentenceOf(response) {
  const body = await response.json().catch(() => null);
  const sentence = body?.detail?.message;
  return typeof sentence === "string"
    ? sentence
    : `The server answered ${response.status}.`;
}

/**
 * @param {Blob} file
 * @param {AbortSignal} [signal]
 * @returns {Promise<Facts>}
 */
export async function sendPicture(file, signal) {
  const body = new FormData();
  body.append("file", file, "picture");
  return (await ask("", { method: "POST", body, signal })).json();
}

/**
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Facts>}
 */
export async function factsOf(id, signal) {
  return (await ask(`/${id}`, { signal })).json();
}

/**
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>}
 */
export async function pictureOf(id, signal) {
  return (await ask(`/${id}/png`, { signal })).blob();
}

/**
 * The filtered picture; with signed colours also the size from which on tints are the strongest.
 *
 * @param {Settings} settings
 * @param {string} theme
 * @param {AbortSignal} signal
 * @returns {Promise<{blob: Blob, strongest: number | null}>}
 */
export async function filteredPicture(settings, theme, signal) {
  const { view, channel } = settings;
  const wanted = { ...filterOf(settings), view, channel, theme };
  const response = await post(`/${settings.image}/filter`, wanted, signal);
  const strongest = response.headers.get("Convlens-Strongest");
  return {
    blob: await response.blob(),
    strongest: strongest === null ? null : Number(strongest),
  };
}

/**
 * @param {Settings} settings
 * @param {{row: number, column: number}} point
 * @param {AbortSignal} signal
 * @returns {Promise<Explanation>}
 */
export async function explainedPixel(settings, point, signal) {
  const wanted = {
    ...filterOf(settings),
    row: point.row,
    column: point.column,
  };
  return (await post(`/${settings.image}/pixel`, wanted, signal)).json();
}

/** @param {Settings} settings */
function filterOf(settings) {
  return { kernel: settings.filter, padding_mode: settings.mode };
}

/**
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} signal
 */
function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    signal,
  });
}
