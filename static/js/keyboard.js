// Shortcuts. Elements declare theirs (`data-key`), modules register more. Single keys are off while typing and when switched off.
import { csrf, isTyping } from "./lib.js";
import { toggleRail } from "./theme.js";

const registered = [];
const PREFIX = "g";
const PREFIX_LASTS = 1200;
let prefixAt = -Infinity;

/**
 * Add a shortcut: `key` as event.key ("ArrowRight", "n"), `run(event)` returning false lets the key through.
 * `within`: selector that must hold the focus. `mod`, `shift`: modifiers. Returns a function that removes it.
 */
export function register({ key, run, within = "", mod = false, shift = false }) {
  const entry = { key: key.toLowerCase(), run, within, mod, shift };
  registered.push(entry);
  return () => registered.splice(registered.indexOf(entry), 1);
}

/** Latin letter of the key on any layout, so that Cyrillic and Turkish keyboards reach the same shortcuts. */
export function keyOf(event) {
  const key = event.key.toLowerCase();
  if (key.length === 1 && !/[a-z0-9?/[\]]/.test(key)) {
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
    if (letter) return letter.toLowerCase();
    if (event.code === "BracketLeft") return "[";
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  }
  return key;
}

const singleKeysOn = () => document.body.dataset.shortcuts !== "off";
const modalOpen = () => document.querySelector("dialog[open]");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

/** Whether it is there to be pressed: in sight, or an entry of a menu whose button is. */
function reachable(element) {
  const menu = element.closest(".menu[popover]");
  return visible(element) || (menu && !menu.matches(":popover-open") && [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)].some(visible));
}

function press(selector, root = document) {
  const element = [...root.querySelectorAll(selector)].find(reachable);
  if (!element || element.disabled || element.getAttribute("aria-disabled") === "true") return false;
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
  return true;
}

function runRegistered(event, key) {
  const mod = event.ctrlKey || event.metaKey;
  for (const entry of [...registered].reverse()) {
    if (entry.key !== key || entry.mod !== mod || entry.shift !== event.shiftKey) continue;
    if (entry.within && !document.activeElement?.closest(entry.within)) continue;
    if (entry.run(event) !== false) return true;
  }
  return false;
}

function single(event, key) {
  if (performance.now() - prefixAt < PREFIX_LASTS) {
    prefixAt = -Infinity;
    return press(`[data-go="${CSS.escape(key)}"]`);
  }
  if (key === PREFIX) {
    prefixAt = performance.now();
    return true;
  }
  if (key === "[") return toggleRail() ?? true;
  if (key === "/") return press("[data-filter-field]");
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].is-selected");
  return (row && press(`[data-row-key="${CSS.escape(key)}"]`, row)) || press(`[data-key="${CSS.escape(key)}"]`);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = keyOf(event);
  const mod = event.ctrlKey || event.metaKey;
  if (isTyping(event.target) && !mod) return;
  if (modalOpen() && !mod && key !== "?") return;
  if (!mod && key.length === 1 && key !== " " && !singleKeysOn()) return;
  const used = runRegistered(event, key) || (!mod && key.length === 1 && key !== " " && single(event, key));
  if (used) event.preventDefault();
});

// ⌘Z takes back the last change while its toast is there; the change history holds the way back after that.
register({
  key: "z",
  mod: true,
  run(event) {
    const forms = document.querySelectorAll("[data-undo]");
    if (isTyping(event.target) || !forms.length) return false;
    forms[forms.length - 1].requestSubmit();
  },
});

function listPageKeys(dialog) {
  const section = dialog.querySelector("[data-page-keys]");
  const list = section.querySelector("dl");
  list.replaceChildren();
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key-label]")) {
    const key = element.dataset.key ?? element.dataset.rowKey ?? element.dataset.keyShown;
    if (!key || seen.has(key)) continue;
    seen.add(key);
    const [line, term, definition, cap] = ["div", "dt", "dd", "kbd"].map((name) => document.createElement(name));
    term.textContent = element.dataset.keyLabel;
    cap.textContent = key.length === 1 ? key.toUpperCase() : key;
    definition.append(cap);
    line.append(term, definition);
    list.append(line);
  }
  section.hidden = !seen.size;
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.querySelector("[data-page-keys]")) listPageKeys(event.detail.target);
  nameModifier(event.detail.target);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-shortcuts-form]");
  if (!form) return;
  document.body.dataset.shortcuts = event.target.checked ? "on" : "off";
  fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch", "X-CSRFToken": csrf() } });
});

function nameModifier(root) {
  if (!/Mac|iPhone|iPad/.test(navigator.platform)) return;
  root.querySelectorAll("kbd[data-mod]").forEach((cap) => (cap.textContent = "⌘"));
}
nameModifier(document);
