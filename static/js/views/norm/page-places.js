import { motion } from "../../dom.js";

/**
 * Ways on the page: they leave the address alone, whose fragment holds cells.
 *
 * @param {Iterable<HTMLAnchorElement>} links
 */
export function leadOn(links) {
  for (const link of links) {
    const place = document.querySelector(link.getAttribute("href") ?? "main");
    link.toggleAttribute("hidden", !place);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (!(place instanceof HTMLElement)) return;
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
      place.scrollIntoView({ behavior: motion() ? "smooth" : "auto" });
    });
  }
}
