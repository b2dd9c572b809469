// Two minutes before the session ends a dialog offers to extend it (WCAG 2.2.1); the server counts, not this clock.
import { csrf, say } from "./lib.js";

const dialog = document.getElementById("session-ending");
const skew = new Date(document.body.dataset.now ?? Date.now()).getTime() - Date.now();
const WARN = 120_000;
const LOOK = 5_000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("setpoint:session") : null;
let ends = dialog ? new Date(dialog.dataset.ends).getTime() : 0;
let waved = false;

function show(state) {
  for (const name of ["soon", "over"]) {
    dialog.querySelectorAll(`[data-${name}]`).forEach((part) => (part.hidden = name !== state));
  }
  dialog.setAttribute("aria-label", dialog.querySelector(`h2[data-${state}]`).textContent);
  if (!dialog.open) dialog.showModal();
  say(dialog.querySelector(`h2[data-${state}]`).textContent, { assertive: true });
  dialog.querySelector(`.button[data-${state}]`).focus();
}

function extended(moment) {
  ends = new Date(moment).getTime();
  waved = false;
  if (dialog.open) dialog.close();
}

function look() {
  const left = ends - Date.now() - skew;
  const over = left <= 0;
  if (over && dialog.dataset.state !== "over") {
    dialog.dataset.state = "over";
    show("over");
  } else if (!over && left <= WARN && !dialog.open && !waved) {
    dialog.dataset.state = "soon";
    show("soon");
  }
}

if (dialog) {
  dialog.addEventListener("close", () => (waved = true));
  dialog.querySelector("[data-extend]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(event.target.action, {
      method: "POST",
      headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" },
    }).catch(() => null);
    // Signed out meanwhile, or no answer: the plain form says which.
    if (!answer?.ok || answer.redirected) return event.target.submit();
    const moment = (await answer.json()).ends;
    extended(moment);
    tabs?.postMessage(moment);
  });
  tabs?.addEventListener("message", (event) => extended(event.data));
  look();
  setInterval(look, LOOK);
}
