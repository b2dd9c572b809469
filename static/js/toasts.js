// A toast stays ten seconds; pointer or focus on it stops its clock (WCAG 2.2.1).
import { whenever } from "./lib.js";

const LASTS = 10_000;
const LEAVING = 180;

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), LEAVING);
}

whenever("[data-toast]", (toast) => {
  if (toast.dataset.running || !toast.closest("#toasts")) return;
  toast.dataset.running = "1";
  let left = LASTS;
  let since = 0;
  let timer = 0;
  const run = () => {
    since = performance.now();
    timer = setTimeout(() => leave(toast), left);
  };
  const pause = () => {
    clearTimeout(timer);
    left = Math.max(1000, left - (performance.now() - since));
  };
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("focusout", run);
  run();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  const toast = button?.closest("[data-toast]");
  if (toast) leave(toast);
  else button?.closest(".alert")?.remove();
});

// The toast goes at once, but stays in the page until the answer is in: htmx drops what a removed element asked for.
document.addEventListener("htmx:beforeRequest", (event) => {
  const toast = event.target.closest?.("[data-undo]")?.closest("[data-toast]");
  if (toast) toast.hidden = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const toast = event.target.closest?.("[data-undo]")?.closest("[data-toast]");
  if (toast) leave(toast);
});
