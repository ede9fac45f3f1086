// What page_budget.py measures inside the page; it runs before the page's own scripts.

window.longTasks = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) longTasks.push(task.duration);
}).observe({ type: "longtask", buffered: true });

/** When the first gridcell was on the screen, in milliseconds since the navigation began. */
window.firstGrid = new Promise((done) => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector("[role=gridcell]")) return;
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

/** For each step, or hover: milliseconds of work, and until the next frame began. */
window.measureRepaint = async ([kind, rounds]) => {
  const picture = find("trace-figure svg");
  const cells = picture.querySelectorAll("[role=gridcell]");
  const next = find("button[aria-label='Next step']");
  const first = find("button[aria-label='First step']");
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
  const size = () =>
    document.querySelectorAll("[aria-label^=Output] [role=gridcell]").length;
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
      const options = { childList: true, subtree: true };
      watch.observe(find("trace-figure"), options);
    });
    buttons[i % 2].click();
    times.push((await drawn) - began);
  }
  return times;
};
