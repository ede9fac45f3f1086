import { ask } from "../../api.js";
import { html, write } from "../../dom.js";
import { tinyText } from "../../format.js";

/** @import {Reply} from "../../types.js" */

/**
 * One button for each gradient that a trace computes: compare it with central differences.
 * The server compares; a change of the trace makes its answers void.
 */
export class Checks {
  element = html("div", { class: "checks", role: "group" });
  #key = "";
  #asked = new AbortController();

  /** @param {() => Record<string, any>} body  The request whose gradients are compared. */
  constructor(body) {
    this.body = body;
    this.element.setAttribute("aria-label", "Check the gradients");
  }

  /** @param {Reply} reply */
  show(reply) {
    this.#asked.abort();
    this.#asked = new AbortController();
    const written = new Set(reply.phases.map((phase) => phase.writes));
    // Those of what is given: of anything else the gradient is on the way.
    const found = Object.entries(reply.tensors).filter(
      ([name, { gradientOf }]) =>
        gradientOf &&
        written.has(name) &&
        gradientOf in reply.tensors &&
        !written.has(gradientOf),
    );
    const key = found.map(([name]) => name).join();
    if (key !== this.#key) {
      this.#key = key;
      this.element.replaceChildren(
        ...found.map(([, { label, gradientOf }]) =>
          this.#check(label, /** @type {string} */ (gradientOf)),
        ),
      );
    }
    for (const said of this.element.querySelectorAll("output")) {
      write(said, "");
      said.removeAttribute("data-state");
    }
  }

  /** @param {string} label @param {string} of */
  #check(label, of) {
    const said = html("output", {});
    const button = html("button", { type: "button", class: "button" }, [
      `Check ${label.toLowerCase()}`,
    ]);
    button.addEventListener("click", () => this.#ask(of, said));
    return html("div", { class: "check" }, [button, said]);
  }

  /** @param {string} of @param {HTMLElement} said */
  async #ask(of, said) {
    const { signal } = this.#asked;
    const reply = await ask("/api/check", { ...this.body(), of }, signal).catch(
      () => null,
    );
    if (!reply || signal.aborted) return;
    said.dataset.state = reply.problem
      ? "fault"
      : reply.relative_error < 1e-6
        ? "good"
        : "fault";
    write(said, reply.problem ? reply.problem.message : verdict(reply));
  }
}

/** @param {{relative_error: number, count: number, reason: string | null}} reply */
function verdict({ relative_error, count, reason }) {
  const numbers = count === 1 ? "1 number" : `${count} numbers`;
  const agree = count
    ? `${relative_error < 1e-6 ? "✓" : "✗"} ${numbers} within ${tinyText(relative_error)} of the largest`
    : "";
  return [agree, reason ?? ""].filter(Boolean).join(". ");
}
