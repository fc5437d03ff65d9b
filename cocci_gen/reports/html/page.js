"use strict";
// Without this script everything is there to be read; it hides findings that are not asked for, and opens the one that is
// linked to.
const filter = document.getElementById("filter");
if (filter) {
  const findings = Array.from(document.querySelectorAll("details.finding"));
  const count = document.getElementById("count");
  const apply = () => {
    const words = filter.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const sure = new Set(Array.from(filter.querySelectorAll("[name=sure]:checked"), (one) => one.value));
    const stands = new Set(Array.from(filter.querySelectorAll("[name=stand]:checked"), (one) => one.value));
    let shown = 0;
    for (const one of findings) {
      const text = one.querySelector("summary").textContent.toLowerCase();
      const stand = one.dataset.stand === "open" ? "open" : "judged";
      one.hidden = !(sure.has(one.dataset.sure) && stands.has(stand) && words.every((word) => text.includes(word)));
      shown += one.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${findings.length} shown`;
  };
  filter.hidden = false;
  filter.addEventListener("input", apply);
  filter.addEventListener("submit", (event) => event.preventDefault());
  apply();
}
const go = () => {
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted && wanted.tagName === "DETAILS") {
    wanted.hidden = false;
    wanted.open = true;
    wanted.scrollIntoView();
    wanted.querySelector("summary").focus();
  }
};
window.addEventListener("hashchange", go);
go();
