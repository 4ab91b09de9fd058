// Makes the SQL page quicker; everything on it works without this.
"use strict";
const question = document.getElementById("question");
const form = document.getElementById("ask");

document.getElementById("hint").hidden = false;
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A column's name is put where the cursor stands, by click or by key.
for (const name of document.querySelectorAll("[data-insert]")) {
  name.tabIndex = 0;
  name.setAttribute("role", "button");
  const insert = () => {
    question.setRangeText(name.dataset.insert, question.selectionStart, question.selectionEnd, "end");
    question.focus();
  };
  name.addEventListener("click", insert);
  name.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      insert();
    }
  });
}

// After a question the reader is taken to the answer.
const answer = document.getElementById("answer-title") || document.getElementById("wrong");
if (answer) {
  answer.tabIndex = -1;
  answer.focus();
}
