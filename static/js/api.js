/** @import {Problem, Reply} from "./types.js" */

/** @type {Problem} */
const AWAY = {
  message:
    "The server cannot be reached. Nothing is lost; the next change tries again.",
  field: null,
  key: null,
  remedies: [],
};

/**
 * Ask for a trace.
 *
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @returns {Promise<Reply | {problem: Problem}>}
 */
export function askTrace(body, signal) {
  return ask("/api/trace", body, signal);
}

/**
 * Ask the server to compute. A busy server is asked once more, after the pause it names.
 *
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @returns {Promise<any>} The reply, or {problem: Problem}.
 */
export async function ask(path, body, signal) {
  for (let attempt = 0; ; attempt++) {
    let response;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      return { problem: AWAY };
    }
    if (response.status === 503 && attempt === 0) {
      await pause(
        1000 * Number(response.headers.get("Retry-After") ?? 1),
        signal,
      );
      continue;
    }
    const reply = await response.json().catch((error) => {
      if (signal.aborted) throw error;
      return null; // cut off on its way
    });
    if (response.ok && reply) return reply;
    return { problem: { ...AWAY, ...reply?.detail } };
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
