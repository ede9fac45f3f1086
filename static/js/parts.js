import { html } from "./dom.js";

/** Milliseconds after which a file is given up. */
const PATIENCE = 20_000;
/** How far below the screen a part is fetched. */
const AHEAD = "600px";

/**
 * Put an element into the head, and say whether what it links to has come; if not, the element
 * is taken out again.
 *
 * @param {HTMLElement} element
 * @returns {Promise<boolean>}
 */
function arrived(element) {
  return new Promise((done) => {
    const settle = (/** @type {boolean} */ there) => {
      clearTimeout(timer);
      if (!there) element.remove();
      done(there);
    };
    const timer = setTimeout(settle, PATIENCE, false);
    element.addEventListener("load", () => settle(true));
    element.addEventListener("error", () => settle(false));
    document.head.append(element);
  });
}

/** @param {string} rel @param {string} href */
function linked(rel, href) {
  return arrived(Object.assign(html("link", { rel }), { href }));
}

/** Whether a page has a style sheet already. @param {string} path */
function hasSheet(path) {
  const { href } = new URL(path, location.href);
  return [...document.styleSheets].some((sheet) => sheet.href === href);
}

/** @type {Map<string, Promise<boolean>>} Style sheets that parts have asked for, by path. */
const sheets = new Map();

/** Fetch a style sheet once: another copy would win over what came meanwhile. @param {string} path */
function styled(path) {
  if (hasSheet(path)) return true;
  const coming = sheets.get(path) ?? linked("stylesheet", path);
  sheets.set(path, coming);
  coming.then((there) => there || sheets.delete(path));
  return coming;
}

/**
 * Markup that the server made of the address; null if it has not come.
 *
 * @param {string} path
 * @returns {Promise<ChildNode[] | null>}
 */
async function fetchMarkup(path) {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(path + location.search, { signal });
    if (!response.ok) return null;
    const text = await response.text();
    const { body } = new DOMParser().parseFromString(text, "text/html");
    return [...body.childNodes];
  } catch {
    return null; // no connection, or cut off on its way
  }
}

/**
 * What a page fetches later, as an element names it: a module in `data-module`, style sheets in
 * `data-styles`, and in `data-markup` what takes the place of the content of its `.place`.
 */
export class Part {
  /** @type {Promise<boolean> | null} */ #fetched = null;
  #tries = 0;
  #element;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** Fetch it once, and again after it has not come. @returns {Promise<boolean>} Whether it is there. */
  fetch() {
    this.#fetched ??= this.#fetch().then((there) => {
      if (!there) this.#fetched = null;
      return there;
    });
    return this.#fetched;
  }

  /** The module runs when all that it needs is there, so never without its looks. */
  async #fetch() {
    const { module = "", styles = "", markup } = this.#element.dataset;
    this.#tries += 1;
    // Some browsers remember of an address that no module came from it.
    const src = this.#tries > 1 ? `${module}?try=${this.#tries}` : module;
    const paths = styles.split(" ").filter((path) => path);
    const [nodes, ...came] = await Promise.all([
      markup ? fetchMarkup(markup) : [],
      linked("modulepreload", src),
      ...paths.map(styled),
    ]);
    if (!nodes || came.includes(false)) return false;
    if (markup)
      this.#element.querySelector(".place")?.replaceChildren(...nodes);
    return arrived(html("script", { type: "module", src }));
  }
}

/**
 * Fetch the parts of a page when they are scrolled near.
 *
 * @param {Iterable<HTMLElement>} elements
 * @param {(element: HTMLElement) => void} fetch
 * @param {string} [ahead]
 */
export function fetchNear(elements, fetch, ahead = AHEAD) {
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
