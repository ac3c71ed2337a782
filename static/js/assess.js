// The keyboard of the assessor: 0-5 choose a level in the criterion one is in, - says that it does not apply.
// Only while a level has the focus, so that writing is never disturbed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "radio") return;
  const criterion = event.target.closest("[data-criterion]");
  const value = event.key === "-" ? "na" : event.key;
  const choice = criterion?.querySelector(`input[type="radio"][value="${CSS.escape(value)}"]`);
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
});
