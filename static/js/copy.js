/**
 * Copy a text. Where there is no clipboard (plain http from another host), the text is selected
 * in a field of its own and copied by the older command; where even that is refused, it stays
 * selected for the person to copy.
 *
 * @param {string} text
 * @param {Element} [place]  Of the field; in a dialog, the dialog.
 * @returns {Promise<boolean>} Whether it was copied.
 */
export async function copyText(text, place = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "copy-field";
    field.setAttribute("aria-label", "Copy this");
    place.append(field);
    field.select();
    const copied = document.execCommand("copy");
    if (copied) field.remove();
    else field.addEventListener("blur", () => field.remove());
    return copied;
  }
}
