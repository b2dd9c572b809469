// One tooltip for pointer and keyboard: `data-tip`, and the bars of charts.
const tip = document.getElementById("tip");
const SELECTOR = "[data-tip], .chart a";

function show(target) {
  const words = target.dataset?.tip ?? target.getAttribute("aria-label");
  if (!tip || !words) return;
  tip.textContent = words;
  tip.showPopover();
  const at = target.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - size.width / 2, innerWidth - size.width - 8))}px`;
  tip.style.top = `${at.top - size.height - 6 > 8 ? at.top - size.height - 6 : at.bottom + 6}px`;
}

function hide() {
  if (tip?.matches(":popover-open")) tip.hidePopover();
}

document.addEventListener("pointerover", (event) => {
  const target = event.target.closest?.(SELECTOR);
  target ? show(target) : hide();
});
document.addEventListener("focusin", (event) => {
  const target = event.target.closest?.(SELECTOR);
  target?.matches(":focus-visible") ? show(target) : hide();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { capture: true, passive: true });

// What dots cut off is said whole to the pointer.
document.addEventListener("pointerover", ({ target }) => {
  if (target.title || target.scrollWidth <= target.clientWidth || target.closest("[title]")) return;
  if (getComputedStyle(target).textOverflow === "ellipsis") target.title = target.textContent.trim();
});

// Bars are links in order: arrows walk along them.
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".chart a");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!bar || !step) return;
  const bars = [...bar.closest(".chart").querySelectorAll("a")];
  bars[Math.min(bars.length - 1, Math.max(0, bars.indexOf(bar) + step))].focus();
  event.preventDefault();
});
