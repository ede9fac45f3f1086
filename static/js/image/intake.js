/**
 * The ways a picture comes in: chosen, dropped, pasted, or the last one once more.
 *
 * @param {object} parts
 * @param {HTMLInputElement} parts.input
 * @param {HTMLElement} parts.zone  Shows that something is held over the page.
 * @param {HTMLElement} parts.again
 * @param {(file: File) => void} parts.taken
 * @param {(sentence: string) => void} parts.refused
 */
export function listenForPictures({ input, zone, again, taken, refused }) {
  /** @type {File | undefined} */
  let last;
  const take = (/** @type {File} */ file) => taken((last = file));
  again.addEventListener("click", () => last && take(last));
  input.addEventListener("click", () => {
    input.value = ""; // so that the same file can be chosen again
  });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) take(file);
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.toggleAttribute("data-over", false);
  });
  document.addEventListener("drop", (event) => {
    zone.toggleAttribute("data-over", false);
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) take(file);
    else
      refused(
        "What was dropped is not a file. Save the picture first, then drop the file.",
      );
  });
  document.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });
}
