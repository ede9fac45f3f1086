import { html } from "./dom.js";

/** Put an element into the head, and wait until it has what it links to. @param {HTMLElement} element */
function arrived(element) {
  return new Promise((done) => {
    element.addEventListener("load", done);
    element.addEventListener("error", done);
    document.head.append(element);
  });
}

/**
 * Fetch the module and the style sheets that an element names in `data-module`, `data-styles`.
 *
 * @param {HTMLElement} element
 */
export function fetchPart({ dataset: { module = "", styles = "" } }) {
  const links = styles
    .split(" ")
    .filter((href) => href)
    .map((href) =>
      Object.assign(html("link", { rel: "stylesheet" }), { href }),
    );
  const script = html("script", { type: "module", src: module });
  return Promise.all([...links, script].map(arrived));
}

/** How far below the screen a part is fetched. */
const AHEAD = "600px";

/**
 * Fetch the parts of a page when they are scrolled near.
 *
 * @param {Iterable<HTMLElement>} elements
 * @param {(element: HTMLElement) => void} [fetch]
 * @param {string} [ahead]
 */
export function fetchNear(elements, fetch = fetchPart, ahead = AHEAD) {
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        fetch(/** @type {HTMLElement} */ (target));
      }
    },
    { rootMargin: `${ahead} 0px` },
  );
  for (const element of elements) watch.observe(element);
}
