// The board: cards are moved by pointer, touch, keys or menu; every way ends in `send`. The server has the last word.
import { keyOf } from "./keyboard.js";
import { fill, isTyping, say, whenever } from "./lib.js";

const [LIFT_AFTER, SWIPE, HOLD, LANDED] = [4, 60, 350, 2000]; // two in pixels, two in milliseconds
const NOT_A_HANDLE = "a:not(h3 a), button, form, input, .card-trouble";

const board = () => document.querySelector("[data-board]");
const words = (name) => board()?.dataset[`words${name}`] ?? "";
const columns = () => [...board().querySelectorAll("[data-setpoint]")];
const columnOf = (card) => card.closest("[data-setpoint]");
const listOf = (id) => document.getElementById(`cards-${id}`);
const linkOf = (card) => card?.querySelector("h3 a");
const nameOf = (card) => linkOf(card)?.textContent ?? "";
const pathOf = (card) => linkOf(card).getAttribute("href");
function money(card, weight) {
  const [amount, currency] = (card.dataset.worth ?? "").split(" ");
  if (!currency) return "";
  const format = { style: "currency", currency, maximumFractionDigits: 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(Number(amount) * Number(weight));
}

// Sending: the card moves at once and waits for the server.

const places = new WeakMap();
function place(card, id) {
  const focused = card.contains(document.activeElement);
  card.dataset.at = id;
  listOf(id).prepend(card);
  if (focused) linkOf(card)?.focus({ preventScroll: true });
}

function restore(card) {
  const before = places.get(card);
  if (!before || !card.isConnected) return;
  places.delete(card);
  card.classList.remove("is-sending");
  card.dataset.at = before.at;
  before.list.insertBefore(card, before.next?.isConnected ? before.next : null);
  linkOf(card)?.focus({ preventScroll: true });
}

function send(card, to) {
  const from = columnOf(card).dataset.setpoint;
  if (String(to) === from) return;
  places.set(card, { list: card.parentElement, next: card.nextElementSibling, at: from });
  place(card, to);
  card.dataset.sending = words("Sending");
  card.classList.add("is-sending");
  const values = { to, version: card.dataset.v, key: crypto.randomUUID?.() ?? String(Math.random()) };
  htmx.ajax("POST", `${pathOf(card)}move/`, { source: card, target: card, swap: "none", values });
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const card = event.detail.elt;
  if (places.has(card) && ![200, 409].includes(event.detail.xhr.status)) restore(card);
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) document.addEventListener(name, (event) => restore(event.detail.elt));

const closeAs = (card, outcome) => htmx.ajax("GET", `${pathOf(card)}close/${outcome ? `?outcome=${outcome}` : ""}`, { source: card, target: "#dialog", swap: "innerHTML" });

/** Name the facts a card lacks: the server sends their places, since a board of eighty would name them eighty times. */
function namePips(card) {
  const pips = card.querySelector("[data-lacks]");
  if (!pips) return;
  const names = words("Pips").split("|");
  const lacks = [...pips.dataset.lacks].map((place) => names[place]);
  const title = lacks.length ? fill(words("Lacks"), { names: lacks.join(", ") }) : words("Known");
  pips.setAttribute("role", "img");
  Object.assign(pips, { title });
}

/** A card the server sent anew goes where the server says it stands. */
function settle(card) {
  linkOf(card)?.setAttribute("aria-describedby", "board-help");
  namePips(card);
  if (columnOf(card)?.dataset.setpoint === card.dataset.at || !listOf(card.dataset.at)) return;
  place(card, card.dataset.at);
}

function land(card) {
  settle(card);
  card.classList.add("is-landed");
  setTimeout(() => card.classList.remove("is-landed"), LANDED);
  if (document.activeElement === document.body && !document.querySelector("dialog[open]")) linkOf(card)?.focus({ preventScroll: true });
}

// What the setpoints would still miss, asked once when a card is lifted and shown on the card for the one it is over.

let facts = null;
async function askFacts(card, held) {
  const asked = (facts = { held, over: null });
  const answer = await fetch(`${pathOf(card)}criteria/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || facts !== asked) return;
  const badges = new DOMParser().parseFromString(await answer.text(), "text/html").body.children;
  asked.box = Object.assign(document.createElement("p"), { className: "card-facts" });
  asked.box.append(...badges);
  held.append(asked.box);
  tellFacts(asked.over);
}

function tellFacts(target) {
  if (!facts) return "";
  facts.over = target;
  let said = "";
  for (const one of facts.box?.children ?? []) {
    one.hidden = one.dataset.factsFor !== target?.dataset.setpoint;
    if (!one.hidden) said = one.textContent.trim();
  }
  facts.held.classList.toggle("has-facts", Boolean(said));
  return said;
}

function forgetFacts() {
  facts?.box?.remove();
  facts?.held.classList.remove("has-facts");
  facts = null;
}

// Where a card is over, shown alike for pointer and keys.

function show(target, card) {
  tellFacts(target);
  board().querySelectorAll(".is-target").forEach((old) => old.classList.remove("is-target"));
  board().querySelectorAll(".drop-slot").forEach((old) => old.remove());
  const status = Object.assign(document.getElementById("drag-status"), { hidden: true });
  if (!target) return;
  target.classList.add("is-target");
  if (!target.dataset.setpoint || target === columnOf(card)) return;
  const text = fill(words("Drop"), { setpoint: target.dataset.name });
  const slot = Object.assign(document.createElement("li"), { className: "drop-slot", textContent: text });
  listOf(target.dataset.setpoint).prepend(slot);
  const [from, to] = [columnOf(card).dataset.weight, target.dataset.weight].map((weight) => money(card, weight));
  if (!to) return;
  Object.assign(status, { textContent: fill(words("Weighted"), { from, to }), hidden: false });
}

function drop(card, target) {
  show(null, card);
  forgetFacts();
  if (target?.dataset.setpoint) send(card, target.dataset.setpoint);
  else if (target) closeAs(card, target.dataset.rail === "won" ? "won" : "");
}

// Pointer: press and move, or hold on a touch screen.

let drag = null;
function lift(event) {
  const { card } = drag;
  const box = card.getBoundingClientRect();
  const held = Object.assign(card.cloneNode(true), { id: "" });
  held.classList.add("is-held");
  Object.assign(held.style, { width: `${box.width}px`, left: "0", top: "0" });
  document.body.append(held);
  Object.assign(drag, { held, dx: drag.x - box.left, dy: drag.y - box.top, lifted: true });
  card.classList.add("is-ghost");
  askFacts(card, held);
  follow(event);
}

function follow(event) {
  drag.held.style.transform = `translate(${event.clientX - drag.dx}px, ${event.clientY - drag.dy}px)`;
  const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-setpoint], [data-rail]") ?? null;
  if (target !== drag.target) show((drag.target = target), drag.card);
}

function end(dropped) {
  if (!drag) return;
  const { card, held, target, lifted, timer } = drag;
  drag = null;
  clearTimeout(timer);
  if (!lifted) return;
  held.remove();
  card.classList.remove("is-ghost");
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  drop(card, dropped ? target : null);
}

const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-board] .card");
  if (!card || event.button || event.target.closest(NOT_A_HANDLE) || card.classList.contains("is-sending")) return;
  drag = { card, x: event.clientX, y: event.clientY, touch: event.pointerType !== "mouse", target: null };
  if (drag.touch) drag.timer = setTimeout(() => drag && lift(event), HOLD);
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (drag.lifted) return follow(event);
  if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < LIFT_AFTER) return;
  drag.touch ? end(false) : lift(event);
});
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => end(name === "pointerup"));
document.addEventListener("touchmove", (event) => drag?.lifted && event.preventDefault(), { passive: false });
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-board] .card") && event.preventDefault());

// Keys: Space lifts, arrows choose, Space drops, Escape cancels; Shift and an arrow, or a number, moves at once.

let lifted = null;
function over(step) {
  const all = columns();
  const order = Math.min(all.length - 1, Math.max(0, lifted.order + step));
  lifted.order = order;
  show(all[order], lifted.card);
  const over = { name: nameOf(lifted.card), setpoint: all[order].dataset.name, order: order + 1, of: all.length };
  say(`${fill(words("Over"), over)} ${tellFacts(all[order])}`);
}

function putDown(dropped) {
  const { card, order } = lifted;
  lifted = null;
  card.classList.remove("is-lifted");
  if (dropped && columns()[order] !== columnOf(card)) return drop(card, columns()[order]);
  show(null, card);
  forgetFacts();
  say(fill(words("Cancelled"), { name: nameOf(card), setpoint: columnOf(card).dataset.name }));
}

const beside = (card, step) => columns()[columns().indexOf(columnOf(card)) + step];
function walk(card, dx, dy) {
  const cards = [...columnOf(card).querySelectorAll(".card")];
  linkOf(dy ? cards[cards.indexOf(card) + dy] : beside(card, dx)?.querySelector(".card"))?.focus();
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function pressed(event, card) {
  const arrow = ARROWS[event.key];
  if (lifted) {
    if (arrow?.[0]) over(arrow[0]);
    else if (event.key === " " || event.key === "Enter") putDown(true);
    else if (event.key === "Escape") putDown(false);
    else return arrow !== undefined;
    return true;
  }
  if (event.key === " ") {
    lifted = { card, order: columns().indexOf(columnOf(card)) };
    card.classList.add("is-lifted");
    askFacts(card, card);
    say(fill(words("Lifted"), { name: nameOf(card) }));
  } else if (arrow && event.shiftKey) {
    if (arrow[0] && beside(card, arrow[0])) send(card, beside(card, arrow[0]).dataset.setpoint);
  } else if (arrow) walk(card, ...arrow);
  else if (/^[1-9]$/.test(event.key) && document.body.dataset.shortcuts !== "off") {
    const target = columns()[Number(event.key) - 1];
    if (!target) return false;
    send(card, target.dataset.setpoint);
  } else if (keyOf(event) === "n" && document.body.dataset.shortcuts !== "off") planStep(card);
  else return false;
  return true;
}

/** Ask for the next step of a card: in its place where there is none, on a sheet where one is to be done first. */
function planStep(card) {
  const missing = card.querySelector(".next-step.is-missing");
  if (missing) return missing.click();
  htmx.ajax("GET", `${pathOf(card)}step/?way=done`, { source: card, target: "#sheet", swap: "innerHTML" });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag?.lifted) return end(false);
  const card = event.target.closest?.("[data-board] .card");
  if (!card || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !event.target.matches("h3 a")) return;
  if (pressed(event, card)) event.preventDefault();
}, { capture: true });
document.addEventListener("focusout", () => lifted && !document.hidden && setTimeout(() => lifted && !lifted.card.contains(document.activeElement) && putDown(false)));

// Menu, next step in place, tabs of a phone.

let menuCard = null;
document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-board] .card");
  const menu = document.getElementById("card-menu");
  const entry = event.target.closest("[data-move-to], [data-close-as]");
  const tab = event.target.closest("[data-setpoint-tab]");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (card && event.target.closest("footer > a")) {
    menuCard = card;
    menu.querySelectorAll("[data-move-to]").forEach((one) => (one.hidden = one.dataset.moveTo === card.dataset.at));
    menu.showPopover();
    const at = event.target.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8));
    Object.assign(menu.style, { left: `${left}px`, top: `${Math.min(at.bottom, innerHeight - menu.offsetHeight - 8)}px` });
    menu.querySelector("a:not([hidden])").focus();
  } else if (entry && menuCard) {
    menu.hidePopover();
    entry.dataset.moveTo ? send(menuCard, entry.dataset.moveTo) : closeAs(menuCard, entry.dataset.closeAs);
  } else if (card && event.target.closest(".next-step.is-missing")) {
    const link = event.target.closest(".next-step");
    htmx.ajax("GET", `${link.getAttribute("href")}?inline=1`, { source: link, target: link, swap: "outerHTML" });
  } else if (tab) turn(tab);
  else return;
  event.preventDefault();
});

function turn(tab) {
  for (const one of document.querySelectorAll("[data-setpoint-tab]")) {
    one === tab ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current");
  }
  columns().forEach((column) => column.classList.toggle("is-shown", column.dataset.setpoint === tab.dataset.setpointTab));
  history.replaceState(history.state, "", tab.href);
}

// A swipe across the column of a phone turns to the setpoint beside it; the tabs do the same.

let swipe = null;
document.addEventListener("touchstart", (event) => {
  const one = event.touches.length === 1 && event.target.closest?.("[data-board] .column") ? event.touches[0] : null;
  swipe = one && matchMedia("(width < 768px)").matches ? { x: one.clientX, y: one.clientY } : null;
}, { passive: true });
document.addEventListener("touchend", (event) => {
  const [from, to] = [swipe, event.changedTouches[0]];
  swipe = null;
  if (!from || drag?.lifted) return;
  const [dx, dy] = [to.clientX - from.x, to.clientY - from.y];
  if (Math.abs(dx) < SWIPE || Math.abs(dx) < 2 * Math.abs(dy)) return;
  const tabs = [...document.querySelectorAll("[data-setpoint-tab]")];
  const tab = tabs[tabs.findIndex((one) => one.hasAttribute("aria-current")) - Math.sign(dx)];
  if (!tab) return;
  turn(tab);
  say(tab.textContent.trim().replace(/\s+/g, " "));
});

whenever("[data-board]", (element) => {
  element.querySelectorAll(".card").forEach(settle);
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes])) {
      if (node.matches?.(".card") && !places.has(node)) land(node);
    }
  }).observe(element, { childList: true, subtree: true });
});
