// Sheets, dialogs and menus on the browser's own dialog and popover.
const openers = new WeakMap();

function open(dialog) {
  if (dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  focusFirst(dialog);
}

function focusFirst(dialog) {
  const summary = dialog.querySelector(".error-summary");
  const first = summary ?? dialog.querySelector("[data-focus], [autofocus]") ?? firstEmpty(dialog) ?? dialog.querySelector("h2");
  if (first?.matches("h2")) first.tabIndex = -1;
  first?.focus();
}

// What has to be filled comes first. Where that is filled already somebody came to change something, from the top.
function firstEmpty(dialog) {
  const fields = [...dialog.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(
    (field) => !field.disabled && field.checkVisibility?.() !== false,
  );
  const empty = fields.filter(isEmpty);
  const filled = fields.find((field) => !field.matches("[type=checkbox], [type=radio]"));
  return empty.find((field) => field.required) ?? (fields.some((field) => field.required) ? fields[0] : (empty[0] ?? filled));
}

function isEmpty(field) {
  if (field.type === "radio") return !field.form?.elements[field.name]?.value;
  return field.type !== "checkbox" && !field.value;
}

function close(dialog) {
  dialog.close();
}

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target?.closest?.("dialog");
  if (!dialog || !dialog.id) return;
  if (!dialog.childElementCount) return dialog.open && close(dialog);
  if (!dialog.open) open(dialog);
  else if (!dialog.contains(document.activeElement) || document.activeElement === dialog) focusFirst(dialog);
  else dialog.querySelector(".error-summary")?.focus();
});

// A link that opens a sheet leads to a page of its own where the sheet cannot be shown.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  const dialog = event.target.closest("dialog");
  if (closer && dialog) {
    event.preventDefault();
    close(dialog);
  } else if (event.target === dialog && dialog?.open) {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) close(dialog);
  }
});

document.querySelectorAll("dialog").forEach((dialog) =>
  dialog.addEventListener("close", () => {
    const opener = openers.get(dialog);
    if (opener?.isConnected) opener.focus();
    if (dialog.id === "sheet" || dialog.id === "dialog") dialog.replaceChildren();
  }),
);

for (const name of ["sheet:close", "dialog:close"]) {
  document.body.addEventListener(name, () => document.querySelectorAll("dialog[open]").forEach(close));
}

// A menu stands under its button, kept inside the window. (Anchor positioning is not everywhere yet.)
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + size.height + 8 < innerHeight;
  menu.style.top = `${below ? at.bottom : Math.max(8, at.top - size.height - 8)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
}

// Rows share one pop-over: it belongs to the button that was pressed last, and is placed again once it is filled.
const pressed = new WeakMap();

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover], .pop[popover]")) return;
    if (event.newState !== "open") {
      pressed.delete(menu);
      return;
    }
    const asks = `[popovertarget="${CSS.escape(menu.id)}"]`;
    const button = document.activeElement?.closest(asks) ?? document.querySelector(asks);
    if (!button || menu.id === "me-menu") return;
    pressed.set(menu, button);
    place(menu, button);
    menu.querySelector("a, button")?.focus({ preventScroll: true });
  },
  true,
);

// The button of a rail is hidden while the rail is open, so the browser cannot give it the focus back.
document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (newState !== "closed" || !target.matches?.(".aside[popover]") || document.activeElement !== document.body) return;
    document.querySelector(`[popovertarget="${CSS.escape(target.id)}"]`)?.focus();
  },
  true,
);

document.addEventListener("htmx:afterSwap", (event) => {
  const button = pressed.get(event.target);
  if (button?.isConnected) place(event.target, button);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu:popover-open");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  const entries = [...menu.querySelectorAll("a, button")];
  entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length].focus();
  event.preventDefault();
});
