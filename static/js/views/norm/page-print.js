/** What is as wide as it was drawn, and the part of it that would be cut off. */
const WIDE = { "trace-graph": ".graph-scroll", "value-table": ".table-box" };

/** Make what is wider than the paper as small as it must be, for as long as it is printed. */
export function fitPaper() {
  const print = matchMedia("print");
  print.addEventListener("change", () => {
    for (const [name, inner] of Object.entries(WIDE)) {
      const whole = /** @type {HTMLElement} */ (document.querySelector(name));
      whole.style.zoom = "";
      const box = whole.querySelector(inner);
      if (!print.matches || !box) continue;
      const fit = Math.min(1, box.clientWidth / box.scrollWidth);
      whole.style.zoom = fit.toFixed(3);
    }
  });
}
