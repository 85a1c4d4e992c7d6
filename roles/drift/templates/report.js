/* SPDX-FileCopyrightText: 2026 jst.retailcloud contributors
   SPDX-License-Identifier: GPL-3.0-or-later */

"use strict";
const root = document.documentElement;
const TITLES = { en: "Drift", "zh-CN": "\u6f02\u79fb\u62a5\u544a" };

/** Show one of the two languages of the page. */
function speak(language) {
  const titles = Object.values(TITLES);
  const before = titles.find((title) => document.title.startsWith(title)) ?? "";
  root.lang = language;
  document.title = TITLES[language] + document.title.slice(before.length);
  for (const button of document.querySelectorAll(".languages button")) {
    button.setAttribute("aria-pressed", String(button.lang === language));
  }
}

/** Let the reader choose what is shown: by the app or host, the severity and the kind. */
function filters() {
  const form = document.querySelector(".filters");
  if (!form) return;
  const rows = document.querySelectorAll(".index tbody tr");
  const cards = [...document.querySelectorAll("section[data-app]")].map((section, at) => ({
    section,
    row: rows[at],
    names: section.querySelector(".who").textContent.toLowerCase(),
    findings: [...section.querySelectorAll("[data-kind]")],
    groups: [...section.querySelectorAll(".group")],
  }));
  const others = document.querySelectorAll(".account [data-kind]");
  const described = document.querySelector(".described");
  const apply = () => {
    const text = form.elements.find.value.trim().toLowerCase();
    const chosen = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
    const kinds = chosen("kind");
    const severities = chosen("severity");
    const fits = (item) => (!kinds.length || kinds.includes(item.dataset.kind))
      && (!severities.length || severities.includes(item.dataset.severity));
    let count = 0;
    for (const { section, row, names, findings, groups } of cards) {
      let some = false;
      for (const finding of findings) {
        finding.hidden = !fits(finding);
        some = some || !finding.hidden;
      }
      for (const group of groups) group.hidden = !group.querySelector("[data-kind]:not([hidden])");
      section.hidden = !some || !names.includes(text);
      row.hidden = section.hidden;
      count += section.hidden ? 0 : 1;
    }
    for (const item of others) item.hidden = !fits(item);
    for (const name of described?.querySelectorAll("li") ?? []) name.hidden = !name.textContent.toLowerCase().includes(text);
    form.querySelector("output b").textContent = String(count);
  };
  for (const box of form.querySelectorAll("[name=kind], [name=severity]")) {
    box.parentElement.hidden = !document.querySelector(`[data-${box.name}="${box.value}"]`);
  }
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
}

const both = "both" in root.dataset;
if (both && /^zh\b/i.test(navigator.language)) speak("zh-CN");
document.addEventListener("DOMContentLoaded", () => {
  if (both) {
    document.querySelector(".languages").hidden = false;
    for (const button of document.querySelectorAll(".languages button")) {
      button.addEventListener("click", () => speak(button.lang));
    }
    speak(root.lang);
  }
  filters();
});
