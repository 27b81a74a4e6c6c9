// What a pointer makes easier; every page works without it. A list of days gets a slider above it.
"use strict";

function addSlider(select) {
  if (select.options.length < 3 || select.dataset.slider === "done") return;
  select.dataset.slider = "done";
  const slider = document.createElement("input");
  const last = select.options.length - 1; // the list has the newest day first, a slider the newest at its right end
  slider.type = "range";
  slider.min = "0";
  slider.max = String(last);
  slider.setAttribute("aria-label", select.labels[0].textContent + ", slider");
  const show = () => {
    slider.value = String(last - select.selectedIndex);
    slider.setAttribute("aria-valuetext", select.options[select.selectedIndex].text.trim());
  };
  slider.addEventListener("input", () => {
    select.selectedIndex = last - Number(slider.value);
    slider.setAttribute("aria-valuetext", select.options[select.selectedIndex].text.trim());
  });
  slider.addEventListener("change", (event) => {
    event.stopPropagation(); // the list tells the form, once
    select.dispatchEvent(new Event("change", { bubbles: true }));
    if (!select.form.hasAttribute("hx-get")) select.form.requestSubmit();
  });
  select.addEventListener("change", show);
  show();
  select.before(slider);
}

document.querySelectorAll("select[data-slider]").forEach(addSlider);

// Ctrl or Cmd with Enter runs the statement in the console.
const statement = document.getElementById("sql");
if (statement) {
  statement.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) statement.form.requestSubmit();
  });
}
