// What the modules share.

/** Fill a sentence from the server (`%(time)s late`) with values. */
export function fill(pattern, values) {
  return pattern.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

/** Clone a <template> of the page by id. */
export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Say a sentence to screen readers. */
export function say(text, { assertive = false } = {}) {
  const region = document.getElementById(assertive ? "live-assertive" : "live-polite");
  if (region) region.textContent = text;
}

/** Whether the event comes from a place where letters are typed. */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select"));
}

/** The CSRF token the page was served with. */
export function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

/** Run for elements that are there now and for those htmx brings later. */
export function whenever(selector, run) {
  const each = (root) => {
    if (root.matches?.(selector)) run(root);
    root.querySelectorAll?.(selector).forEach(run);
  };
  each(document.body);
  document.body.addEventListener("htmx:load", (event) => each(event.detail.elt));
}

/** Keep something on this device, for this person; private windows may refuse. */
export const kept = {
  key: (name) => `setpoint:${document.body.dataset.user ?? ""}:${name}`,
  get(name) {
    try {
      return localStorage.getItem(this.key(name));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      value === null ? localStorage.removeItem(this.key(name)) : localStorage.setItem(this.key(name), value);
    } catch {
      // Without storage drafts are not kept; everything else works.
    }
  },
};
