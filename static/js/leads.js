// A click on a lead's row selects it, as J and K do; links, buttons and fields keep their own meaning.
const OWN = "a, button, input, label, select, [popover]";

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row].lead-row");
  if (!row || event.target.closest(OWN)) return;
  for (const other of row.closest("[data-list]").querySelectorAll("[data-row]")) {
    other.classList.toggle("is-selected", other === row);
    other.tabIndex = other === row ? 0 : -1;
  }
  row.focus({ preventScroll: true });
  row.dispatchEvent(new CustomEvent("row:selected", { bubbles: true }));
});

// Every row's reasons come into one pop-over; it forgets them when it closes.
document.getElementById("lead-why")?.addEventListener("toggle", (event) => {
  if (event.newState === "closed") event.target.replaceChildren();
});
