// Editing in place, drafts kept on the device, steppers, focus on what must be fixed.
import { kept, whenever } from "./lib.js";

const DRAFT_WAIT = 400;

whenever("[data-inline]", (inline) => {
  const value = inline.querySelector(".inline-value");
  const form = inline.querySelector("form");
  if (!value || !form) return;
  const show = (editing) => {
    form.hidden = !editing;
    value.hidden = editing;
  };
  show(false);
  value.addEventListener("click", () => {
    show(true);
    const field = form.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
    field?.select?.();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    form.reset();
    show(false);
    value.focus();
  });
  form.addEventListener("focusout", (event) => {
    if (form.hidden || form.contains(event.relatedTarget)) return;
    const changed = [...form.elements].some((field) => field.name && field.defaultValue !== undefined && field.value !== field.defaultValue);
    if (changed && form.checkValidity()) form.requestSubmit();
    else if (!changed) show(false);
  });
});

const CONTROLS = "input:not([type=hidden]), select, textarea";
const isChanged = (form) =>
  [...form.querySelectorAll(CONTROLS)].some((field) =>
    field.matches("select") ? [...field.options].some((each) => each.selected !== each.defaultSelected) : field.value !== field.defaultValue,
  );
// Only somebody who chose between two values may save again after a refusal.
const mayLeave = (form) => !form.querySelector(".error") && form.checkValidity();
let following = null; // the fact Tab goes on to, opened once the one before it is saved
let moving = false;

function neighbour(fact, step) {
  const open = [...document.querySelectorAll(".fact:has(.inline-value), .fact.is-editing")].filter((each) => each.checkVisibility?.() ?? true);
  return open[open.indexOf(fact) + step];
}

whenever("[data-inline-form]", (form) => {
  const fact = form.closest(".fact");
  const field = form.querySelector(CONTROLS);
  field?.focus();
  field?.select?.();
  if (fact?.id === following) following = null;
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      form.querySelector("[data-cancel]")?.click();
    } else if (fact && event.key === "Tab" && event.target === field && mayLeave(form)) {
      const next = neighbour(fact, event.shiftKey ? -1 : 1);
      if (!next) return;
      event.preventDefault();
      following = next.id;
      isChanged(form) ? form.requestSubmit() : form.querySelector("[data-cancel]")?.click();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!fact || moving || following || form.contains(event.relatedTarget) || !event.relatedTarget) return;
    if (isChanged(form) && mayLeave(form)) form.requestSubmit();
  });
});

// What surrounds a fact is read anew when a colleague, or another fact, changed: the form somebody types in stays.
const asideForms = new Map();
const setAside = ({ detail: { target } }) => {
  const fact = target?.querySelector?.(".fact.is-editing");
  if (!fact) return;
  if (!moving) queueMicrotask(putBack); // the swap itself is done before
  moving = true;
  asideForms.set(fact.id, { fact, focused: fact.contains(document.activeElement) ? document.activeElement : null });
  fact.replaceWith(Object.assign(document.createElement("div"), { id: fact.id }));
};
const putBack = () => {
  for (const [id, { fact, focused }] of asideForms) {
    document.getElementById(id)?.replaceWith(fact);
    focused?.focus();
  }
  asideForms.clear();
  moving = false;
};

// A fact saved or given up is a value again: the focus that was in its form goes back there, also when what surrounds it
// is read anew right after.
let leaving = null;
const remember = ({ detail: { target } }) => {
  const focused = document.activeElement, fact = focused?.closest?.(".fact, [data-inline][id]");
  const goes = fact?.matches("[data-inline]") ? target.contains(fact) : fact?.matches(".is-editing") ? target === fact : focused?.matches?.(".inline-value") && target?.contains?.(fact);
  if (fact && goes) leaving = fact.id;
};
for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) {
  document.addEventListener(name, remember);
  document.addEventListener(name, setAside);
}
document.addEventListener("htmx:afterSettle", () => {
  const next = following && document.getElementById(following);
  if (next && !next.matches(".is-editing") && !document.querySelector(".fact.is-editing .error")) {
    leaving = null;
    next.querySelector(".inline-value")?.click();
    return;
  }
  const fact = leaving && document.getElementById(leaving);
  if (!fact || fact.matches(".is-editing")) return;
  leaving = null;
  if (document.activeElement === document.body) fact.querySelector(".inline-value")?.focus();
});

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type));

whenever("form[data-draft]", (form) => {
  const name = `draft:${form.dataset.draft}`;
  const wrong = form.querySelector(".error-summary");
  const stored = kept.get(name);
  if (stored && !wrong) {
    const values = JSON.parse(stored);
    for (const field of fieldsOf(form)) {
      if (!(field.name in values) || field.value !== field.defaultValue) continue;
      if (field.type === "checkbox") field.checked = values[field.name];
      else if (field.type === "radio") field.checked = field.value === values[field.name];
      else field.value = values[field.name];
    }
    form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
  }
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const values = {};
      for (const field of fieldsOf(form)) {
        if (field.type === "radio" && !field.checked) continue;
        values[field.name] = field.type === "checkbox" ? field.checked : field.value;
      }
      kept.set(name, JSON.stringify(values));
    }, DRAFT_WAIT);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  form.addEventListener("htmx:afterRequest", (event) => event.detail.successful && event.detail.elt === form && kept.set(name, null));
  // A plain post: if the next page shows no errors of this form, the draft has done its work.
  form.addEventListener("submit", () => form.hasAttribute("hx-post") || sessionStorage.setItem("setpoint:sent", name));
});

const sent = sessionStorage.getItem("setpoint:sent");
if (sent) {
  sessionStorage.removeItem("setpoint:sent");
  if (!document.querySelector(".error-summary")) kept.set(sent, null);
}

// Sign-out takes the drafts along: the next person at this device must not find them.
document.addEventListener("submit", (event) => {
  if (!event.target.action?.endsWith("/auth/logout/")) return;
  Object.keys(localStorage)
    .filter((key) => key.startsWith("setpoint:"))
    .forEach((key) => localStorage.removeItem(key));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  const field = button?.closest(".stepper")?.querySelector("input");
  if (!field) return;
  Number(button.dataset.step) > 0 ? field.stepUp() : field.stepDown();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Filters that are selects apply themselves; a button does it without script.
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-auto] select, form[data-auto] input:not([type=search], [type=text])")) event.target.form.requestSubmit();
});

const WRONG = "form:not([data-example]) .error-summary";
document.querySelector(WRONG)?.focus();
document.addEventListener("htmx:afterSettle", (event) => event.detail.target?.querySelector?.(WRONG)?.focus());
