// Light or dark at once, kept on the server; the sidebar as a rail, kept in a cookie so the next page has it from the start.
import { csrf } from "./lib.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const shown = () => (root.dataset.theme === "system" ? (dark.matches ? "dark" : "light") : root.dataset.theme);

function mark() {
  root.classList.toggle("is-dark", shown() === "dark");
}

document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-theme-button]")) return;
  event.preventDefault();
  root.dataset.theme = shown() === "dark" ? "light" : "dark";
  mark();
  const body = new FormData(event.target);
  body.set("theme", root.dataset.theme);
  fetch(event.submitter.formAction, { method: "POST", body, headers: { "X-Requested-With": "fetch", "X-CSRFToken": csrf() } });
});

export function toggleRail() {
  const rail = root.classList.toggle("is-rail");
  document.cookie = `rail=${rail ? 1 : ""}; path=/; max-age=${rail ? 31536000 : 0}; samesite=lax`;
}

const more = document.querySelector("[data-more]");
more?.addEventListener("click", () => {
  const open = document.body.classList.toggle("is-more");
  more.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#side a")?.focus();
});
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("is-more") && !event.target.closest("#side, [data-more]")) more.click();
});

dark.addEventListener("change", mark);
mark();
