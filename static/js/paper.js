// Puts the page on paper: a button with `data-print`.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
