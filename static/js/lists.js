// J, K and arrows through the rows of a list; the row in focus is the selected one.
import { register } from "./keyboard.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility?.() ?? true);

function currentList() {
  return document.activeElement?.closest("[data-list]") ?? document.querySelector("[data-list]");
}

function move(step) {
  const list = currentList();
  if (!list) return false;
  const rows = rowsOf(list);
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.contains(document.activeElement) || row === document.activeElement);
  const selected = here >= 0 ? here : rows.findIndex((row) => row.classList.contains("is-selected"));
  const next = selected < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, selected + step));
  select(rows, rows[next]);
  return true;
}

function select(rows, row) {
  rows.forEach((one) => {
    one.classList.toggle("is-selected", one === row);
    one.tabIndex = one === row ? 0 : -1;
  });
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("row:selected", { bubbles: true }));
}

register({ key: "j", run: () => move(1) });
register({ key: "k", run: () => move(-1) });
register({ key: "ArrowDown", within: "[data-list]", run: () => move(1) });
register({ key: "ArrowUp", within: "[data-list]", run: () => move(-1) });
register({
  key: "Enter",
  within: "[data-row]",
  run(event) {
    if (!event.target.matches("[data-row]")) return false;
    event.target.querySelector("a[href]")?.click();
  },
});

// Where tabs do not fit, the current one is in sight.
function showCurrent(part) {
  for (const tabs of part.matches(".tabs") ? [part] : part.querySelectorAll(".tabs")) {
    const current = tabs.querySelector("[aria-current]");
    if (!current || tabs.scrollWidth <= tabs.clientWidth) continue;
    tabs.scrollLeft += current.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - current.offsetWidth) / 2;
  }
}

showCurrent(document.body);
document.addEventListener("htmx:afterSettle", (event) => event.target.matches && showCurrent(event.target));
