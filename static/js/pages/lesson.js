import { LessonFigure } from "../lesson-figure.js";
import { askExercise } from "../lesson-exercise.js";
import { markStep, marksOf, showMarks } from "../lesson-progress.js";
import { askQuestion } from "../lesson-question.js";

/** @import {Mark} from "../lesson-progress.js" */

const CONTROLS =
  "a, button, input, select, textarea, summary, trace-figure, [role], [tabindex]";

const page = /** @type {HTMLElement} */ (document.querySelector(".lesson"));
const { lesson = "", step = "" } = page.dataset;
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement | null} */ (page.querySelector(selector));
const section = find(".lesson-figure");
const question = /** @type {HTMLFormElement | null} */ (
  find("[data-question]")
);
const exercise = /** @type {HTMLFormElement | null} */ (
  find("[data-exercise]")
);
/** @type {LessonFigure | null} */
let figure = null;
let locked = false;

/** @param {boolean} now */
function lock(now) {
  locked = now;
  page.toggleAttribute("data-locked", now);
  if (figure) figure.locked = now;
}

/** @param {Mark} mark */
function note(mark) {
  markStep(lesson, step, mark);
  showMarks(page, marksOf(lesson));
}

if (question) {
  lock(marksOf(lesson)[step] !== "done");
  askQuestion(question, {
    guessed: (right) => {
      lock(false);
      if (right) note("done");
    },
    skipped: () => lock(false),
  });
}
if (exercise) askExercise(exercise, { solved: () => note("done") });
note(question || exercise ? "seen" : "done");

if (section) {
  figure = new LessonFigure(section);
  figure.locked = locked;
}

document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const inControl = /** @type {Element} */ (event.target).closest(CONTROLS);
  if (
    !rel ||
    inControl ||
    event.altKey ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey
  )
    return;
  /** @type {HTMLAnchorElement | null} */ (find(`a[rel="${rel}"]`))?.click();
});
