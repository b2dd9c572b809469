// Rows chosen in a table: one by one, a range with Shift, all of the page, or all of the filter; X chooses the row in focus.
import { register } from "./keyboard.js";
import { whenever } from "./lib.js";

const boxesOf = (form) => [...form.querySelectorAll("[data-choose-row]")];

whenever("form[data-choose]", (form) => {
  const page = form.querySelector("[data-choose-page]");
  const all = form.querySelector("[data-choose-all]");
  const bar = form.querySelector("[data-choose-bar]");
  let last = null;

  function show() {
    const boxes = boxesOf(form);
    const chosen = boxes.filter((box) => box.checked).length;
    page.checked = chosen > 0 && chosen === boxes.length;
    page.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.hidden = !chosen;
    form.querySelector("[data-choose-counted]").hidden = all.checked;
    form.querySelector("[data-choose-count]").textContent = chosen;
  }

  page.closest("[hidden]")?.removeAttribute("hidden");
  form.addEventListener("click", (event) => {
    const box = event.target.closest("[data-choose-row]");
    if (!box) return;
    const boxes = boxesOf(form);
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
      boxes.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    if (event.target === page) boxesOf(form).forEach((box) => (box.checked = page.checked));
    if (event.target === all && all.checked) boxesOf(form).forEach((box) => (box.checked = true));
    else if (event.target !== all && !boxesOf(form).every((box) => box.checked)) all.checked = false;
    show();
  });
  show();
});

register({
  key: "x",
  within: "[data-row]",
  run() {
    const box = document.activeElement.closest("[data-row]")?.querySelector("[data-choose-row]");
    if (!box) return false;
    box.click();
  },
});
