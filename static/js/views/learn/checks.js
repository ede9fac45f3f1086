import { ask } from "../../api.js";
import { html } from "../../dom.js";
import { tinyText } from "../../format.js";

/** @import {CheckRequest} from "../board/check-row.js" */

const AGREES = 1e-6;

/**
 * What came out of comparing gradients with central differences. The server compares; a change
 * of the trace makes its answers void.
 */
export class Checks {
  element = html("div", { class: "checks", role: "status" });
  #asked = new AbortController();
  /** @type {Map<string, HTMLElement>} */ #lines = new Map();

  /** @param {() => Record<string, any>} body  The request whose gradients are compared. */
  constructor(body) {
    this.body = body;
    this.clear();
  }

  /** Forget what was compared. */
  clear() {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#lines.clear();
    this.element.replaceChildren(
      html("p", { class: "muted" }, [
        "Check compares a gradient with numeric differences: every number is moved there and back, by at most two millionths of its size (of 1 for small ones), and the loss is computed again.",
      ]),
    );
  }

  /** Compare one, and tell what came out. @param {CheckRequest} request */
  async ask({ of, label, tell }) {
    const { signal } = this.#asked;
    const reply = await ask("/api/check", { ...this.body(), of }, signal).catch(
      () => null,
    );
    if (!reply || signal.aborted) return;
    const good = !reply.problem && reply.relative_error < AGREES;
    const line = this.#line(label);
    line.dataset.state = good ? "good" : "fault";
    const words = reply.problem ? reply.problem.message : verdict(reply);
    line.replaceChildren(html("b", {}, [label]), html("span", {}, [words]));
    tell(good, reply.count ? tinyText(reply.relative_error) : "");
  }

  /** @param {string} label */
  #line(label) {
    let line = this.#lines.get(label);
    if (!line) {
      if (!this.#lines.size) this.element.replaceChildren();
      line = html("p", { class: "check" });
      this.#lines.set(label, line);
      this.element.append(line);
    }
    return line;
  }
}

/** @param {{relative_error: number, count: number, reason: string | null}} reply */
function verdict({ relative_error, count, reason }) {
  if (!count) return reason ?? "";
  const [numbers, agree, they, whole] =
    count === 1
      ? ["1 number", "agrees", "it differs", "its size"]
      : [`${count} numbers`, "agree", "they differ", "the largest"];
  const apart = `by at most ${tinyText(relative_error)} of ${whole}`;
  const told =
    relative_error < AGREES
      ? `✓ ${numbers} ${agree}; ${they} ${apart}`
      : `✗ ${they} ${apart}`;
  return [told, reason].filter(Boolean).join(". ");
}
