import { marksOf, showMarks } from "../lesson-progress.js";

for (const entry of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll("[data-lesson]")
)) {
  showProgress(entry);
}

/**
 * Show how far a lesson is done, and lead to its first open step.
 *
 * @param {HTMLElement} entry
 */
function showProgress(entry) {
  const lesson = entry.dataset.lesson ?? "";
  const steps = Number(entry.dataset.steps);
  const marks = marksOf(lesson);
  const numbers = Array.from({ length: steps }, (_, index) => `${index + 1}`);
  const done = numbers.filter((number) => marks[number] === "done").length;
  const open = numbers.find((number) => marks[number] !== "done");
  if (!Object.keys(marks).length) return;
  showMarks(entry, marks);
  const told = entry.querySelector("[data-progress]");
  if (told) told.textContent = `${done} of ${steps} done`;
  const link = /** @type {HTMLAnchorElement | null} */ (
    entry.querySelector("[data-continue]")
  );
  if (!link) return;
  const word = open ? "Continue" : "Once more";
  link.setAttribute(
    "aria-label",
    (link.ariaLabel ?? "").replace(link.textContent ?? "", word),
  );
  link.textContent = word;
  if (open) link.href = `/lessons/${lesson}/${open}`;
}
