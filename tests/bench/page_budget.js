// What page_budget.py measures inside the page; it runs before the page's own scripts.

window.longTasks = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) longTasks.push(task.duration);
}).observe({ type: "longtask", buffered: true });

/** A cell of a grid, or a plane of the volume. */
const CELL = "[role=gridcell], .plate";

/** When the first one was on the screen, in milliseconds since the navigation began. */
window.firstGrid = new Promise((done) => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector(CELL)) return;
    watch.disconnect();
    // The first frame may already be under way.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => done(performance.now())),
    );
  });
  watch.observe(document, { childList: true, subtree: true });
});

const frame = () => new Promise((done) => requestAnimationFrame(done));
const pause = (time) => new Promise((done) => setTimeout(done, time));
const find = (selector) => document.querySelector(selector);

const figureInSight = () =>
  [...document.querySelectorAll("trace-figure, volume-figure")].find((one) =>
    one.checkVisibility(),
  );

/** For each step, or hover: milliseconds of work, and until the next frame began. */
window.measureRepaint = async ([kind, rounds]) => {
  const figure = figureInSight();
  const cells = figure.querySelectorAll(CELL);
  const picture = cells[0].closest("svg");
  const next = figure.querySelector("button[aria-label='Next step']");
  const first = figure.querySelector("button[aria-label='First step']");
  const acts = {
    step: () => next.click(),
    hover: (i) =>
      cells[(i * 7) % cells.length].dispatchEvent(
        new PointerEvent("pointerover", { bubbles: true }),
      ),
  };
  const work = [];
  const shown = [];
  for (let i = 0; i < rounds; i++) {
    if (next.disabled) first.click();
    await pause(20);
    await frame();
    await pause(0);
    const began = performance.now();
    acts[kind](i);
    picture.getBoundingClientRect();
    work.push(performance.now() - began);
    await frame();
    shown.push(performance.now() - began);
  }
  return [work, shown];
};

/** For each change of the stride: milliseconds until the output of another size was drawn. */
window.measureSetting = async (rounds) => {
  const { parentElement } = find("input[aria-label='Stride']");
  const buttons = [1, -1].map((by) =>
    parentElement.querySelector(`[data-step="${by}"]`),
  );
  const figure = figureInSight();
  // The cells of the output; where it has none, the numbers at the volume.
  const size = () =>
    figure.querySelectorAll("[aria-label^=Output] [role=gridcell]").length ||
    figure.querySelector("svg").textContent;
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await pause(60);
    const before = size();
    const began = performance.now();
    const drawn = new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (size() === before) return;
        watch.disconnect();
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => done(performance.now());
          after.port2.postMessage(null);
        });
      });
      const options = { childList: true, characterData: true, subtree: true };
      watch.observe(figure, options);
    });
    buttons[i % 2].click();
    times.push((await drawn) - began);
  }
  return times;
};
