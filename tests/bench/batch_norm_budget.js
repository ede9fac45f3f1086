// What batch_norm_budget.py measures inside the page; it runs before the page's own scripts.

window.longTasks = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) longTasks.push(task.duration);
}).observe({ type: "longtask", buffered: true });

/** Milliseconds from a move of the pointer to the end of the frame that shows its numbers. */
window.moves = [];
/** When the pointer moved, until its numbers are there. */
let began = null;

// The first event that tells of a move, as for the page.
window.addEventListener(
  "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove",
  (event) => {
    if (event.buttons && began === null) began = event.timeStamp;
  },
  true,
);

/** Watch the graph, whose numbers change with each reply, together with the lines. */
window.watchMoves = () => {
  const watch = new MutationObserver(() => {
    if (began === null) return;
    const since = began;
    began = null;
    // Views that draw in the next frame have asked for it before.
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => moves.push(performance.now() - since);
      after.port2.postMessage(null);
    });
  });
  const options = { childList: true, characterData: true, subtree: true };
  watch.observe(document.querySelector("trace-graph"), options);
};
