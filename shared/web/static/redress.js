// Small improvements; every page works without them.
"use strict";

// How many characters a text may still have.
for (const area of document.querySelectorAll("textarea[data-count]")) {
  const note = document.createElement("p");
  note.className = "hint";
  const tell = () => {
    note.textContent = area.dataset.count.replace("{n}", area.maxLength - area.value.length);
  };
  area.after(note);
  area.addEventListener("input", tell);
  tell();
}

// A form is sent once, even when the button is pressed twice; a file may be fetched again.
for (const form of document.querySelectorAll("form[method=post]:not([data-download])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What stands beside the button is what somebody wants to look at.
for (const button of document.querySelectorAll("button[data-part]")) {
  button.addEventListener("click", () => {
    for (const box of document.getElementById("look").querySelectorAll("[name=parts]"))
      box.checked = box.value === button.dataset.part;
  });
}

// A long list to choose from shows what holds the words typed above it, and what is chosen.
for (const list of document.querySelectorAll("select[data-narrow]")) {
  const box = document.createElement("input");
  Object.assign(box, { className: "input", type: "search", placeholder: list.dataset.narrow });
  box.setAttribute("aria-label", `${list.labels[0]?.textContent ?? ""} ${list.dataset.narrow}`);
  box.addEventListener("input", () => {
    const typed = box.value.trim().toLowerCase();
    for (const one of list.options)
      one.hidden = !one.selected && !one.textContent.toLowerCase().includes(typed);
    for (const group of list.querySelectorAll("optgroup"))
      group.hidden = [...group.children].every((one) => one.hidden);
    const shown = [...list.options].filter((one) => !one.hidden).length;
    list.size = typed ? Math.min(Math.max(shown, 2), 8) : 0;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(box);
}

// The summary of what is wrong is read first.
document.querySelector(".summary[role=alert]")?.focus();
