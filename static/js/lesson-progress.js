/**
 * How far a student has come, kept in this browser only.
 *
 * @typedef {"seen" | "done"} Mark
 * @typedef {Record<string, Mark>} Marks  By step number, counted from 1.
 */

const KEY = "convlens.lessons";

/**
 * The marks of a lesson's steps.
 *
 * @param {string} lesson
 * @returns {Marks}
 */
export function marksOf(lesson) {
  return read()[lesson] ?? {};
}

/**
 * Note that a step was seen or done; a step once done stays done.
 *
 * @param {string} lesson
 * @param {string} step
 * @param {Mark} mark
 */
export function markStep(lesson, step, mark) {
  const all = read();
  const marks = all[lesson] ?? {};
  if (marks[step] === "done") return;
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify({ ...all, [lesson]: { ...marks, [step]: mark } }),
    );
  } catch {
    // Storage may be switched off or full: the lesson works without it.
  }
}

/** @returns {Record<string, Marks>} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/**
 * Show the marks on the stations of a track.
 *
 * @param {ParentNode} track  Holds elements with `data-step`.
 * @param {Marks} marks
 */
export function showMarks(track, marks) {
  for (const station of track.querySelectorAll("[data-step]")) {
    const mark = marks[/** @type {HTMLElement} */ (station).dataset.step ?? ""];
    if (mark) station.setAttribute("data-mark", mark);
  }
}
