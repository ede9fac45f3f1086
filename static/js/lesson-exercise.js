import { readNumber } from "./answers.js";
import { html, write } from "./dom.js";
import { numberText } from "./format.js";
import { solution } from "./lesson-solution.js";

/** @import {TraceReply} from "./types.js" */

/**
 * A task as `app/exercises.py` makes it.
 *
 * @typedef {object} Task
 * @property {string} prompt
 * @property {number} answer
 * @property {[value: number, because: string][]} wrong
 * @property {TraceReply} working  How the size comes about.
 */

/**
 * Endless tasks: a wrong answer hears what it gets wrong, a right one sees the worked solution.
 *
 * @param {HTMLFormElement} form
 * @param {{solved: () => void}} told
 */
export function askExercise(form, { solved }) {
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (form.querySelector(`[data-${name}]`));
  const field = /** @type {HTMLInputElement} */ (
    form.elements.namedItem("answer")
  );
  const first = /** @type {HTMLElement} */ (form.querySelector("script"));
  /** @type {Task} */
  let task = JSON.parse(first.textContent ?? "");
  let seed = Number(form.dataset.seed);
  let tasks = 1;
  let right = 0;
  let answered = false;

  /** @param {boolean} good @param {string} strong @param {string} rest */
  const say = (good, strong, rest) =>
    part("feedback").replaceChildren(
      html("p", { class: good ? "is-right" : "is-wrong" }, [
        html("strong", {}, [strong]),
        rest,
      ]),
    );

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = readNumber(field.value);
    if (guess === null) {
      say(false, "Write a number,", " such as 3.");
      return;
    }
    const slip = task.wrong.find(([value]) => value === guess);
    if (guess !== task.answer) {
      say(
        false,
        `Not ${numberText(guess)}.`,
        ` ${slip?.[1] ?? "Fill in the formula once more."}`,
      );
      return;
    }
    say(true, `Yes, ${numberText(task.answer)}.`, "");
    if (!answered) right += 1;
    answered = true;
    part("solution").replaceChildren(solution(task.working));
    write(part("tally"), `${right} of ${tasks} solved`);
    solved();
  });

  part("another").addEventListener("click", async () => {
    seed += 1;
    const next = await fetchTask(form.dataset.exercise ?? "", seed);
    if (!next) {
      say(false, "No new task came.", " Check the connection and ask again.");
      return;
    }
    task = next;
    tasks += 1;
    answered = false;
    write(part("prompt"), task.prompt);
    part("feedback").replaceChildren();
    part("solution").replaceChildren();
    field.value = "";
    field.focus();
  });
}

/**
 * @param {string} kind
 * @param {number} seed
 * @returns {Promise<Task | null>}
 */
async function fetchTask(kind, seed) {
  try {
    const reply = await fetch(`/api/exercises/${kind}?seed=${seed}`);
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}
