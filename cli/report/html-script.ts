// The script of the HTML report: shows the findings that the filters ask for, and keeps them in the address, so that a view can be shared. Runs in a browser, never here.

export const script = `
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const shown = document.getElementById("shown");
  const findings = [...document.querySelectorAll("article.finding")].map((node) => ({ node, text: node.textContent.toLowerCase() }));
  const boxes = [...form.querySelectorAll("input[name=severity]")];
  const { rule, service, text } = form.elements;

  const apply = () => {
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const { node, text: held } of findings) {
      const visible = severities.has(node.dataset.severity) && (!rule.value || node.dataset.rule === rule.value)
        && (!service.value || node.dataset.service === service.value) && words.every((word) => held.includes(word));
      node.hidden = !visible;
      if (visible) count++;
    }
    shown.textContent = count === findings.length ? count + (count === 1 ? " finding" : " findings") : count + " of " + findings.length + " findings";
  };

  const remember = () => {
    const state = new URLSearchParams();
    for (const box of boxes) if (!box.checked) state.append("hide", box.value);
    for (const field of [rule, service, text]) if (field.value) state.set(field.name, field.value);
    history.replaceState(null, "", state.size ? "#" + state : location.pathname + location.search);
  };

  const recall = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    const hidden = state.getAll("hide");
    for (const box of boxes) box.checked = !hidden.includes(box.value);
    for (const field of [rule, service, text]) field.value = state.get(field.name) ?? "";
    for (const field of [rule, service]) if (field.selectedIndex < 0) field.value = "";
    apply();
  };

  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();
`;
