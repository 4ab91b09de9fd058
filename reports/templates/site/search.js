// Narrows the list of tables to those that hold every word asked for. Without a script all of them are listed.
"use strict";
const form = document.getElementById("search");
const asked = document.getElementById("words");
const found = document.getElementById("found");
const tables = [...document.querySelectorAll("#tables > li")];
const plain = (text) => text.toLowerCase().replaceAll("_", " ");
const texts = tables.map((table) => plain(table.dataset.words));

const narrow = () => {
  const words = plain(asked.value).split(/\s+/).filter(Boolean);
  const fits = texts.map((text) => words.every((word) => text.includes(word)));
  tables.forEach((table, place) => { table.hidden = !fits[place]; });
  const count = fits.filter(Boolean).length;
  found.textContent = words.length ? `${count} of ${tables.length} tables` : `${tables.length} tables`;
};

if (form) {
  form.hidden = false;
  asked.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  narrow();
}
