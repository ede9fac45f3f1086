/** @import {Kind} from "./answers.js" */
import { isAnswer, readNumber } from "./answers.js";
import { html } from "./dom.js";

/**
 * A question put before the figure plays: a guess, right or wrong, lets it play, and a wrong one
 * is met by the sentence that the lesson wrote for it. Its sentences are templates in the form.
 *
 * @param {HTMLFormElement} form
 * @param {{guessed: (right: boolean) => void, skipped: () => void}} told
 */
export function askQuestion(form, { guessed, skipped }) {
  const feedback = /** @type {HTMLElement} */ (
    form.querySelector("[data-feedback]")
  );
  const kind = /** @type {Kind} */ (form.dataset.kind);
  const skip = /** @type {HTMLElement | null} */ (
    form.querySelector("[data-skip]")
  );

  /** @param {Node} node */
  const say = (node) => feedback.replaceChildren(node);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = `${new FormData(form).get("answer") ?? ""}`;
    if (kind === "number" && readNumber(guess) === null) {
      say(html("p", { class: "is-wrong" }, ["Write a number, such as 3."]));
      return;
    }
    const right = isAnswer(guess, form.dataset.answer ?? "", kind);
    say(sentence(form, guess, kind, right));
    if (skip) skip.hidden = true;
    guessed(right);
  });
  skip?.addEventListener("click", () => {
    skip.hidden = true;
    say(
      html("p", { class: "muted" }, [
        "Skipped. The figure is free; the question can wait.",
      ]),
    );
    skipped();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} guess
 * @param {Kind} kind
 * @param {boolean} right
 * @returns {Node}
 */
function sentence(form, guess, kind, right) {
  const wrong = [...form.querySelectorAll("template[data-wrong]")].find(
    (template) =>
      isAnswer(guess, template.getAttribute("data-wrong") ?? "", kind),
  );
  const chosen = right ? "template[data-right]" : "template[data-unknown]";
  const template = (!right && wrong) || form.querySelector(chosen);
  return /** @type {HTMLTemplateElement} */ (template).content.cloneNode(true);
}
