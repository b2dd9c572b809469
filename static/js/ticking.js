// Deadlines count on from the server's clock, once a minute.
import { fill, whenever } from "./lib.js";

const words = document.getElementById("words")?.dataset ?? {};
const skew = new Date(document.body.dataset.now ?? Date.now()).getTime() - Date.now();
const SOON = 60;
const LATE = 45;

function spell(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return fill(words.minutes, { minutes: rest });
  if (!rest) return fill(words.hours, { hours });
  return fill(words.both, { hours, minutes: String(rest).padStart(2, "0") });
}

function tick(time) {
  const left = Math.floor((new Date(time.dateTime).getTime() - Date.now() - skew) / 60_000);
  if (Math.abs(left) >= 48 * 60) return;
  time.textContent = fill(left < 0 ? words.late : words.left, { time: spell(Math.abs(left)) });
  const timer = time.closest(".sla");
  timer?.classList.toggle("is-bad", left < LATE);
  timer?.classList.toggle("is-warn", left >= LATE && left < SOON);
}

if (words.left) {
  whenever("time[data-due]", tick);
  setInterval(() => document.querySelectorAll("time[data-due]").forEach(tick), 60_000);
}
