import { say } from "./lib.js";

// A click on a lead's row selects it, as J and K do; links, buttons and fields keep their own meaning.
const OWN = "a, button, input, label, select, [popover]";

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row].lead-row");
  if (!row || event.target.closest(OWN)) return;
  for (const other of row.closest("[data-list]").querySelectorAll("[data-row]")) {
    other.classList.toggle("is-selected", other === row);
    other.tabIndex = other === row ? 0 : -1;
  }
  row.focus({ preventScroll: true });
  row.dispatchEvent(new CustomEvent("row:selected", { bubbles: true }));
});

// Every row's reasons come into one pop-over; it forgets them when it closes.
document.getElementById("lead-why")?.addEventListener("toggle", (event) => {
  if (event.newState === "closed") event.target.replaceChildren();
});

// Nobody looks: nobody asks.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "lead-stamp" && document.hidden) event.preventDefault();
});

// It is asked about the rows there are now.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "lead-stamp") return;
  for (const row of rows()) event.detail.formData.append("lead", row.id.split("-")[1]);
});

// What changed meanwhile moves nothing under the pointer: it waits behind a button.
document.addEventListener(
  "leads:changed",
  (event) => {
    if (event.target.id !== "lead-stamp") return;
    const bar = document.getElementById("lead-changes");
    if (!bar || !document.querySelector(".lead-list:hover")) return;
    event.stopPropagation();
    bar.hidden = false;
    say(bar.dataset.say);
  },
  true,
);
document.addEventListener("click", (event) => {
  if (event.target.closest("#lead-changes")) document.body.dispatchEvent(new CustomEvent("leads:changed"));
});

// A row whose score or reasons are others than before, or that is new, shows it once.
const seen = new Map();
const rows = () => document.querySelectorAll("#lead-inbox .lead-row");
const told = (row) => [".lead-score", ".lead-why"].map((part) => row.querySelector(part)?.textContent).join();
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "lead-inbox" || event.detail.requestConfig?.triggeringEvent?.type !== "leads:changed") return;
  for (const row of rows()) seen.set(row.id, told(row));
});
document.addEventListener("htmx:afterSettle", () => {
  if (!seen.size) return;
  for (const row of rows()) row.classList.toggle("is-fresh", seen.get(row.id) !== told(row));
  seen.clear();
});
