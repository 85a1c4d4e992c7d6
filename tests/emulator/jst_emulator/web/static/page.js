// SPDX-FileCopyrightText: 2026 jst.retailcloud contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Everything shown is set as text or as an attribute, never as markup.

import { CHINESE } from "./zh.js";

const POLL_MS = 1000;
const SAID_MS = 6000;
const MOST_STONES = 48;

const byId = (id) => document.getElementById(id);
let skew = 0; // virtual time at the real time 0, by the speed of the last answer
let speed = 1;
let catalogue = { kinds: {}, actions: [] };

const chinese = /^zh\b/i.test(new URLSearchParams(location.search).get("lang") ?? navigator.language);

/** A text in the language of the reader; {name} in it stands for a value. */
function t(text, values = {}) {
  const said = chinese ? CHINESE[text] : text;
  if (said === undefined) console.warn(`no Chinese for: ${text}`);
  return (said ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Put what the page itself says into the language of the reader, and offer the other one. */
function translate() {
  const other = document.getElementById("language");
  [other.lang, other.textContent] = chinese ? ["en", "English"] : ["zh-CN", "中文"];
  other.hreflang = other.lang;
  other.href = `?lang=${other.lang}`;
  if (!chinese) return;
  document.documentElement.lang = "zh-CN";
  document.title = t(document.title);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const text = node.data.trim();
    const isOwn = node.parentElement !== other && !node.parentElement.closest("noscript");
    if (isOwn && /[a-z]/i.test(text)) node.data = node.data.replace(text, () => t(text));
  }
  for (const name of ["aria-label", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (element.getAttribute(name) in CHINESE) element.setAttribute(name, t(element.getAttribute(name)));
    }
  }
}

/** A new element with a class, attributes and children; children are elements or texts. */
function make(tag, className = "", attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Set a text only where it differs: what stays the same is not read out again, and a selection in it survives. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Give a parent one child for each item, keeping those it has, so that focus and position survive. */
function sync(parent, items, key, fill) {
  const had = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = String(key(item));
    const shape = JSON.stringify(item);
    let child = had.get(name);
    if (!child || child.shape !== shape) {
      const fresh = fill(item, child);
      fresh.dataset.key = name;
      fresh.shape = shape;
      if (child && child !== fresh) child.replaceWith(fresh);
      child = fresh;
    }
    had.delete(name);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const child of had.values()) child.remove();
}

async function ask(method, path, body) {
  const options = { method, cache: "no-store" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(path, options);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error ?? `HTTP ${answer.status}`);
  return content;
}

let forget;
function say(text) {
  clearTimeout(forget);
  write(byId("said"), text);
  forget = setTimeout(() => write(byId("said"), ""), SAID_MS);
}

/** Change something, tell how it went, and show what became of it. */
async function order(done, method, path, body) {
  try {
    await ask(method, path, body);
    say(done);
    await refresh();
    return true;
  } catch (error) {
    say(t("That did not work: {message}", { message: error.message }));
    return false;
  }
}

/** A number of things. Chinese has one form for all numbers. */
const plural = (count, word) => (chinese ? t(`{n} ${word}`, { n: count }) : `${count} ${word}${count === 1 ? "" : "s"}`);

function span(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return t("{n}\u00a0s", { n: whole });
  if (whole < 3600) return t("{n}\u00a0min {m}\u00a0s", { n: Math.floor(whole / 60), m: whole % 60 });
  return t("{n}\u00a0h {m}\u00a0min", { n: Math.floor(whole / 3600), m: Math.floor((whole % 3600) / 60) });
}

function iso(seconds) {
  return new Date(seconds * 1000).toISOString();
}

// --- releases ---

const STATE_WORDS = {
  waiting: "waiting", running: "running", paused: "paused", done: "done", failed: "failed", closed: "closed",
  skipped: "not begun", stopping: "stopping", gone: "removed",
};

const stateWord = (state) => (state in STATE_WORDS ? t(STATE_WORDS[state]) : state);

function chip(state) {
  return make("span", `chip ${state}`, {}, stateWord(state));
}

function stones(states) {
  const counts = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  const words = Object.entries(counts).map(([state, count]) => `${count} ${stateWord(state)}`);
  const row = make("span", "stones", { role: "img", "aria-label": words.join(", ") || t("no pods") });
  for (const state of states.slice(0, MOST_STONES)) row.append(make("i", `stone ${state}`));
  if (states.length > MOST_STONES) row.append(make("span", "more", {}, `+ ${states.length - MOST_STONES}`));
  return row;
}

function batchElement(batch) {
  const bar = make("progress", "", { max: 1, "aria-label": t("Batch {n}", { n: batch.number }) });
  bar.value = batch.progress;
  return make("li", `batch ${batch.state}`, {},
    make("span", "batch-head", {}, make("b", "", {}, t("Batch {n}", { n: batch.number })), stateWord(batch.state)),
    stones(batch.pods), bar);
}

function next(release) {
  if (release.state === "paused") return t("waits for ResumeDeploy");
  if (release.next_in_s !== null) return t("next step in {span}", { span: span(release.next_in_s) });
  return "";
}

function releaseElement(release, old) {
  const ended = release.next_in_s === null && release.state !== "paused";
  const kind = release.category === "scale" ? t("scaling") : release.artifact;
  const facts = [kind, t("order {id}", { id: release.id }), release.name, span(release.elapsed_s), next(release)].filter(Boolean);
  const parts = [
    make("div", "line", {},
      make("h3", "", {}, release.app, make("span", "at", {}, release.environment)), chip(release.state)),
    make("p", "facts", {}, facts.join(" · ")),
  ];
  const card = old ?? make("article", "card release", {}, ...parts, make("ol", "batches"));
  card.className = `card release ${release.state}${ended ? " ended" : ""}`;
  if (old) {
    card.replaceChild(parts[0], card.children[0]);
    write(card.children[1], parts[1].textContent);
  }
  sync(card.querySelector(".batches"), release.batches, (batch) => batch.number, batchElement);
  return card;
}

// --- apps, clusters, databases ---

const INSTANCE_STATES = { Normal: "done", Failed: "failed", Unknown: "failed", Stopped: "closed", Offlining: "stopping" };

function environmentElement(environment) {
  const ready = environment.instances.filter((state) => state === "Normal").length;
  const there = environment.instances.map((state) => INSTANCE_STATES[state] ?? "running");
  const missing = Math.max(0, environment.replicas - there.length);
  const belongings = [
    [environment.services, "service"], [environment.access_points, "access point"], [environment.claims, "volume claim"],
  ].filter(([count]) => count).map(([count, word]) => plural(count, word));
  const mixed = environment.artifacts.length > 1;
  const runs = environment.artifacts.map(({ name, instances }) => `${instances} × ${name || t("unknown release")}`);
  return make("li", "environment", {},
    make("div", "line", {},
      make("span", "", {}, make("b", "", {}, environment.name), make("span", `tag ${environment.type}`, {}, t(environment.type))),
      make("span", "ready", {}, environment.replicas === null ? plural(environment.runs, "run") : t("{n} of {all} ready", { n: ready, all: environment.replicas }))),
    ...(environment.replicas === null ? [] : [stones([...there, ...Array(missing).fill("waiting")])]),
    make("p", "facts", {}, [
      mixed ? runs.join(", ") : environment.artifact ?? t("nothing released"), environment.cluster ?? t("no cluster"), ...belongings,
    ].join(" · ")));
}

function appElement(app) {
  const facts = [t("id {id}", { id: app.id }), app.language, t(app.workload), plural(app.deploy_configs, "deploy config"), ...app.groups];
  const list = make("ul", "plain");
  list.append(...app.environments.map(environmentElement));
  return make("article", "card", {}, make("h3", "", {}, app.title), make("p", "facts", {}, facts.join(" · ")), list);
}

function clusterElement(cluster) {
  const list = make("ul", "nodes");
  for (const node of cluster.nodes) {
    const what = node.ready ? plural(node.instances, "instance") : t("joining");
    list.append(make("li", node.ready ? "" : "joining", {}, make("span", "code", {}, node.id), make("span", "", {}, what)));
  }
  return make("article", "card", {},
    make("div", "line", {},
      make("h3", "", {}, cluster.title, make("span", `tag ${cluster.type}`, {}, t(cluster.type))), make("span", "ready", {}, cluster.status)),
    list);
}

function databaseElement(server) {
  const rows = [
    ...server.databases.map((one) => ["database", one]), ...server.accounts.map((one) => ["account", one]),
  ];
  const list = make("ul", "nodes");
  for (const [kind, one] of rows) {
    list.append(make("li", one.status === "Running" || one.status === "Available" ? "" : "joining", {},
      make("span", "", {}, make("span", "code", {}, one.name), ` ${t(kind)}`), make("span", "", {}, one.status)));
  }
  if (!rows.length) list.append(make("li", "none", {}, t("no databases, no accounts")));
  return make("article", "card", {},
    make("div", "line", {}, make("h3", "code", {}, server.id), make("span", "ready", {}, server.engine)), list);
}

// --- calls, faults, save points ---

function outcome(call) {
  if (call.outcome.startsWith("fault:")) return ["fault", call.outcome.slice("fault:".length)];
  if (call.outcome === "ok") return ["done", t("ok")];
  return ["failed", call.outcome === "refused" ? t("refused") : String(call.code ?? t("error"))];
}

function callElement(call) {
  const [state, word] = outcome(call);
  const name = call.action || t("no action");
  const about = call.about.join(" · ");
  const action = make("td", "", {}, make("span", "action", { title: name }, name),
    make("span", "about", { title: about }, make("span", `tag ${call.kind}`, {}, t(call.kind)), about));
  return make("tr", state, {}, make("td", "seq", { title: call.time }, String(call.seq)), action,
    make("td", "", {}, make("span", `chip ${state}`, {}, word), make("span", "status", {}, call.status === null ? t("cut") : String(call.status))),
    make("td", "number", {}, call.ms < 10 ? call.ms.toFixed(1) : String(Math.round(call.ms))));
}

function faultElement(fault) {
  const known = new Set(["kind", "action", "only", "after", "count", "seen", "struck", "starts_at", "ends_at"]);
  const options = Object.entries(fault).filter(([name, value]) => !known.has(name) && value !== null)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const target = fault.action === "*" ? t(`any ${fault.only ?? "call"}`)
    : fault.only ? t(`{action}, ${fault.only}s`, fault) : fault.action;
  const left = fault.count === null ? t("until cleared") : fault.count === 0 ? t("spent") : t("{n} to come", { n: fault.count });
  const facts = [target, ...(fault.after ? [t("after {n}", { n: fault.after })] : []),
    ...(fault.starts_at > virtualNow() ? [t("from {time}", { time: iso(fault.starts_at).slice(11, 19) })] : []),
    ...(fault.ends_at === null ? [] : [t("until {time}", { time: iso(fault.ends_at).slice(11, 19) })]), ...options, t("struck {n}", { n: fault.struck })];
  return make("li", fault.count === 0 ? "fault spent" : "fault", {},
    make("div", "line", {}, make("b", "code", {}, fault.kind), make("span", "ready", {}, left)),
    make("p", "facts", {}, facts.join(" · ")));
}

function savePointElement(point) {
  const path = `savepoints/${encodeURIComponent(point.name)}`;
  const back = make("button", "", { type: "button", "aria-label": t("Go back to {name}", point) }, t("Go back"));
  back.addEventListener("click", () => order(t("Back at {name}.", point), "POST", `${path}/restore`));
  const drop = make("button", "quiet", { type: "button", "aria-label": t("Delete {name}", point) }, t("Delete"));
  drop.addEventListener("click", () => order(t("{name} is deleted.", point), "DELETE", path));
  return make("li", "line", {},
    make("span", "", {}, make("b", "", {}, point.name), make("span", "about", {}, iso(point.at).slice(0, 19).replace("T", " "))),
    make("span", "buttons", {}, back, drop));
}

// --- the whole page ---

function show(state) {
  const { counts, clock } = state;
  speed = clock.scale;
  skew = clock.now - (performance.now() / 1000) * speed;
  tick();
  document.body.classList.toggle("still", speed === 0);
  showSpeed(clock);
  write(byId("in-flight"), t("{n} in flight", { n: counts.in_flight }));
  write(byId("app-count"), counts.found === counts.apps && counts.apps === state.apps.length
    ? t("{n} with {environments}", { n: counts.apps, environments: plural(counts.environments, "environment") })
    : t("{n} of {found} found, {all} in all", { n: state.apps.length, found: counts.found, all: counts.apps }));
  write(byId("call-count"), counts.calls > state.calls.length ? t("{n} of {all}", { n: state.calls.length, all: counts.calls }) : `${counts.calls}`);
  const armed = state.faults.filter((fault) => fault.count !== 0).length;
  write(byId("fault-count"), armed ? t("{n} armed", { n: armed }) : t("none armed"));
  byId("faults").parentElement.parentElement.classList.toggle("armed", armed > 0);
  byId("clear-faults").hidden = !state.faults.length;
  byId("no-releases").hidden = state.releases.length > 0;
  byId("no-apps").hidden = state.apps.length > 0;
  byId("no-calls").hidden = state.calls.length > 0;
  sync(byId("release-list"), state.releases, (one) => one.id, releaseElement);
  sync(byId("app-list"), state.apps, (one) => one.id, appElement);
  sync(byId("cluster-list"), state.clusters, (one) => one.id, clusterElement);
  sync(byId("database-list"), state.databases, (one) => one.id, databaseElement);
  sync(byId("call-list"), state.calls, (one) => one.seq, callElement);
  sync(byId("fault-list"), state.faults.map((fault, index) => ({ ...fault, index })), (one) => one.index, ({ index, ...fault }) => faultElement(fault));
  sync(byId("save-point-list"), state.save_points, (one) => one.name, savePointElement);
}

function showSpeed(clock) {
  const select = byId("scale");
  const value = String(clock.scale);
  if (![...select.options].some((option) => option.value === value)) select.append(new Option(`× ${value}`, value));
  if (document.activeElement !== select) select.value = value;
  write(byId("date"), t("{date} virtual, UTC", { date: iso(clock.now).slice(0, 10) })
    + (clock.step_s ? t(" · every call takes {n} s", { n: clock.step_s }) : ""));
}

/** The virtual time by the last answer, in seconds. */
function virtualNow() {
  return skew + (performance.now() / 1000) * speed;
}

function tick() {
  const now = virtualNow();
  if (Number.isFinite(now)) write(byId("time"), iso(now).slice(11, 19));
}

let latest = 0;
async function refresh() {
  const number = ++latest;
  const find = byId("find").value.trim();
  const state = await ask("GET", `overview?find=${encodeURIComponent(find)}`);
  byId("lost").hidden = true;
  if (number === latest) show(state); // an answer that was overtaken by a later one is older than what is shown
}

async function poll() {
  if (!document.hidden) {
    try {
      await refresh();
    } catch {
      byId("lost").hidden = false;
    }
  }
  setTimeout(poll, POLL_MS);
}

// --- what can be done ---

function showKind() {
  const form = byId("fault-form");
  const kind = catalogue.kinds[form.elements.kind.value];
  write(byId("fault-about"), t(kind.about));
  form.elements.count.value = kind.count ?? "";
  const fields = byId("fault-options");
  fields.hidden = !kind.options.length;
  fields.replaceChildren(fields.firstElementChild, ...kind.options.map((option) => {
    const isNumber = option.type === "int" || option.type === "float";
    const isJson = option.type === "list" || option.type === "object" || option.type === "bool";
    const input = make("input", "", { "data-option": option.name, type: isNumber ? "number" : "text", spellcheck: "false" });
    if (option.type === "float") input.step = "any";
    if (isJson) input.placeholder = t("as JSON");
    if (isJson || isNumber) input.dataset.json = "";
    input.required = option.required;
    input.value = option.default ?? "";
    return make("label", "", {}, `${option.name} `, input);
  }));
}

function fault(form) {
  const described = { kind: form.elements.kind.value, count: form.elements.count.value ? Number(form.elements.count.value) : null };
  if (form.elements.action.value.trim()) described.action = form.elements.action.value.trim();
  if (form.elements.only.value) described.only = form.elements.only.value;
  for (const input of form.querySelectorAll("[data-option]")) {
    if (input.value !== "") described[input.dataset.option] = "json" in input.dataset ? JSON.parse(input.value) : input.value;
  }
  return described;
}

async function armFault(event) {
  event.preventDefault();
  const form = event.currentTarget;
  write(byId("fault-error"), "");
  try {
    await ask("POST", "faults", fault(form));
    say(t("Armed: {kind}.", { kind: form.elements.kind.value }));
    await refresh();
  } catch (error) {
    write(byId("fault-error"), error.message);
  }
}

async function begin() {
  translate();
  write(byId("address"), location.host);
  for (const button of document.querySelectorAll("[data-advance]")) {
    const seconds = Number(button.dataset.advance);
    button.addEventListener("click", () => order(t("The clock went on by {span}.", { span: span(seconds) }), "POST", "clock", { advance_s: seconds }));
  }
  byId("scale").addEventListener("change", (event) => order(t("The clock has another speed."), "POST", "clock", { scale: Number(event.target.value) }));
  byId("find").addEventListener("input", () => refresh().catch(() => {}));
  byId("clear-faults").addEventListener("click", () => order(t("No fault is armed any more."), "DELETE", "faults"));
  byId("fault-form").addEventListener("submit", armFault);
  byId("fault-form").elements.kind.addEventListener("change", showKind);
  byId("save-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = form.elements.name.value.trim();
    if (name && await order(t("Kept as {name}.", { name }), "POST", `savepoints/${encodeURIComponent(name)}`)) form.reset();
  });
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => { dialog.returnValue = ""; dialog.showModal(); });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "reset") order(t("Everything is as in the first moment."), "POST", "reset");
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh().catch(() => {}); });
  setInterval(tick, 200);
  poll();
  catalogue = await ask("GET", "catalogue");
  byId("fault-form").elements.kind.append(...Object.keys(catalogue.kinds).map((name) => new Option(name, name)));
  byId("actions").append(...catalogue.actions.map((name) => new Option(name, name)));
  showKind();
}

begin();
