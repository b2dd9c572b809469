// What happens around htmx requests: refusals, failures, lost sign-in, lost network, counts and focus.
import { clone, say } from "./lib.js";

const POLL = 30_000;

function placeFor(element) {
  return element?.closest?.("[data-alerts]") ?? document.querySelector("dialog[open] .sheet-body") ?? document.getElementById("alerts");
}

function fail({ element, status, code, again }) {
  const place = placeFor(element);
  if (!place) return;
  const alert = clone("request-failed");
  const part = { 0: "lost", 403: "refused", 404: "gone", 413: "large" }[status] ?? "failed";
  alert.querySelector(`[data-part="${part}"]`).hidden = false;
  if (code && status >= 500) {
    alert.querySelector('[data-part="code"]').hidden = false;
    alert.querySelector("[data-code]").textContent = code;
  }
  const retry = alert.querySelector("[data-again]");
  if (!again || ["refused", "gone", "large"].includes(part)) retry.remove();
  else
    retry.addEventListener("click", () => {
      alert.remove();
      again();
    });
  place.querySelectorAll(":scope > .alert.is-bad").forEach((old) => old.remove());
  place.prepend(alert);
  say(alert.querySelector("p").innerText, { assertive: true });
}

/** Repeat the request an element sent, with the values it has now. */
function repeat(event) {
  const { elt, requestConfig } = event.detail;
  return () => {
    if (elt.matches("form")) return elt.requestSubmit();
    htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target: requestConfig.target, values: requestConfig.parameters });
  };
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  fail({ element: elt, status: xhr.status, code: xhr.getResponseHeader("X-Request-ID"), again: repeat(event) });
});
document.addEventListener("htmx:sendError", (event) => fail({ element: event.detail.elt, status: 0, again: repeat(event) }));
document.addEventListener("htmx:timeout", (event) => fail({ element: event.detail.elt, status: 0, again: repeat(event) }));

// Signed out meanwhile: the answer is the sign-in page, which must not land inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = event.detail.xhr?.responseURL;
  if (answered && new URL(answered).pathname.startsWith("/auth/login")) {
    event.detail.shouldSwap = false;
    location.assign(`/auth/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});

// One busy button a form: the label stays, the icon turns.
document.addEventListener("htmx:beforeRequest", (event) => {
  const sender = event.detail.requestConfig?.triggeringEvent?.submitter ?? event.detail.elt;
  if (sender?.matches?.(".button")) {
    sender.setAttribute("aria-disabled", "true");
    sender.dataset.busy = "";
  }
});
document.addEventListener("htmx:afterRequest", () => {
  document.querySelectorAll(".button[data-busy][aria-disabled]").forEach((button) => {
    button.removeAttribute("aria-disabled");
    delete button.dataset.busy;
  });
});
document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
});

// A view that was swapped by a link: its heading takes the focus, as after a page load.
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target?.id === "main" || target?.id === "page") {
    const heading = target.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
});

function offline() {
  const place = document.getElementById("alerts");
  if (place && !place.querySelector("[data-offline]")) {
    const alert = clone("offline");
    alert.dataset.offline = "";
    place.prepend(alert);
  }
}
addEventListener("offline", offline);
addEventListener("online", () => document.querySelectorAll("[data-offline]").forEach((alert) => alert.remove()));
if (!navigator.onLine) offline();

setInterval(() => {
  if (document.visibilityState === "visible" && navigator.onLine) {
    htmx.trigger(document.body, "setpoint:counts");
    htmx.trigger(document.body, "setpoint:tick");
  }
}, POLL);
