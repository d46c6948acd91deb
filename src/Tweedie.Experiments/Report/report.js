"use strict";
for (const box of document.querySelectorAll(".trajectory")) {
  const steps = JSON.parse(box.querySelector("script").textContent);
  const slider = box.querySelector("input");
  const items = [...box.querySelectorAll(".bars li")];
  const show = () => {
    const step = steps[slider.valueAsNumber];
    box.querySelector("output").textContent =
      `step ${slider.valueAsNumber + 1} of ${steps.length}, t = ${step.timestep}: ${step.choice}`;
    items.forEach((item, i) => {
      item.querySelector(".bar").style.width = `${100 * step.probabilities[i]}%`;
      item.classList.toggle("chosen", item.querySelector(".name").textContent === step.choice);
    });
  };
  const move = by => { slider.value = slider.valueAsNumber + by; show(); };
  slider.addEventListener("input", show);
  box.querySelector(".back").addEventListener("click", () => move(-1));
  box.querySelector(".forward").addEventListener("click", () => move(1));
  show();
}
// Folded parts open for printing and fold again afterwards.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach(details => { details.open = true; });
});
addEventListener("afterprint", () => folded.forEach(details => { details.open = false; }));
