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

// A form is sent once, even when the button is pressed twice.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The summary of what is wrong is read first.
document.querySelector(".summary[role=alert]")?.focus();
