// SPDX-FileCopyrightText: 2026 jst.retailcloud contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Everything shown is set as text or as an attribute, never as markup.

const POLL_MS = 1000;
const SAID_MS = 6000;
const MOST_STONES = 48;

const byId = (id) => document.getElementById(id);
let skew = 0; // virtual time at the real time 0, by the speed of the last answer
let speed = 1;
let catalogue = { kinds: {}, actions: [] };

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
    say(`That did not work: ${error.message}`);
    return false;
  }
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function span(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u00a0s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
  return `${Math.floor(whole / 3600)}\u00a0h ${Math.floor((whole % 3600) / 60)}\u00a0min`;
}

function iso(seconds) {
  return new Date(seconds * 1000).toISOString();
}

// --- releases ---

const STATE_WORDS = {
  waiting: "waiting", running: "running", paused: "paused", done: "done", failed: "failed", closed: "closed",
  skipped: "not begun", stopping: "stopping", gone: "removed",
};

function chip(state) {
  return make("span", `chip ${state}`, {}, STATE_WORDS[state] ?? state);
}

function stones(states) {
  const counts = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  const words = Object.entries(counts).map(([state, count]) => `${count} ${STATE_WORDS[state] ?? state}`);
  const row = make("span", "stones", { role: "img", "aria-label": words.join(", ") || "no pods" });
  for (const state of states.slice(0, MOST_STONES)) row.append(make("i", `stone ${state}`));
  if (states.length > MOST_STONES) row.append(make("span", "more", {}, `+ ${states.length - MOST_STONES}`));
  return row;
}

function batchElement(batch) {
  const bar = make("progress", "", { max: 1, "aria-label": `Batch ${batch.number}` });
  bar.value = batch.progress;
  return make("li", `batch ${batch.state}`, {},
    make("span", "batch-head", {}, make("b", "", {}, `Batch ${batch.number}`), STATE_WORDS[batch.state] ?? batch.state),
    stones(batch.pods), bar);
}

function next(release) {
  if (release.state === "paused") return "waits for ResumeDeploy";
  if (release.next_in_s !== null) return `next step in ${span(release.next_in_s)}`;
  return "";
}

function releaseElement(release, old) {
  const ended = release.next_in_s === null && release.state !== "paused";
  const kind = release.category === "scale" ? "scaling" : release.artifact;
  const facts = [kind, `order ${release.id}`, release.name, span(release.elapsed_s), next(release)].filter(Boolean);
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
  const runs = environment.artifacts.map(({ name, instances }) => `${instances} × ${name || "unknown release"}`);
  return make("li", "environment", {},
    make("div", "line", {},
      make("span", "", {}, make("b", "", {}, environment.name), make("span", `tag ${environment.type}`, {}, environment.type)),
      make("span", "ready", {}, environment.replicas === null ? plural(environment.runs, "run") : `${ready} of ${environment.replicas} ready`)),
    ...(environment.replicas === null ? [] : [stones([...there, ...Array(missing).fill("waiting")])]),
    make("p", "facts", {}, [
      mixed ? runs.join(", ") : environment.artifact ?? "nothing released", environment.cluster ?? "no cluster", ...belongings,
    ].join(" · ")));
}

function appElement(app) {
  const facts = [`id ${app.id}`, app.language, app.workload, plural(app.deploy_configs, "deploy config"), ...app.groups];
  const list = make("ul", "plain");
  list.append(...app.environments.map(environmentElement));
  return make("article", "card", {}, make("h3", "", {}, app.title), make("p", "facts", {}, facts.join(" · ")), list);
}

function clusterElement(cluster) {
  const list = make("ul", "nodes");
  for (const node of cluster.nodes) {
    const what = node.ready ? plural(node.instances, "instance") : "joining";
    list.append(make("li", node.ready ? "" : "joining", {}, make("span", "code", {}, node.id), make("span", "", {}, what)));
  }
  return make("article", "card", {},
    make("div", "line", {},
      make("h3", "", {}, cluster.title, make("span", `tag ${cluster.type}`, {}, cluster.type)), make("span", "ready", {}, cluster.status)),
    list);
}

function databaseElement(server) {
  const rows = [
    ...server.databases.map((one) => ["database", one]), ...server.accounts.map((one) => ["account", one]),
  ];
  const list = make("ul", "nodes");
  for (const [kind, one] of rows) {
    list.append(make("li", one.status === "Running" || one.status === "Available" ? "" : "joining", {},
      make("span", "", {}, make("span", "code", {}, one.name), ` ${kind}`), make("span", "", {}, one.status)));
  }
  if (!rows.length) list.append(make("li", "none", {}, "no databases, no accounts"));
  return make("article", "card", {},
    make("div", "line", {}, make("h3", "code", {}, server.id), make("span", "ready", {}, server.engine)), list);
}

// --- calls, faults, save points ---

function outcome(call) {
  if (call.outcome.startsWith("fault:")) return ["fault", call.outcome.slice("fault:".length)];
  if (call.outcome === "ok") return ["done", "ok"];
  return ["failed", call.outcome === "refused" ? "refused" : String(call.code ?? "error")];
}

function callElement(call) {
  const [state, word] = outcome(call);
  const name = call.action || "no action";
  const about = call.about.join(" · ");
  const action = make("td", "", {}, make("span", "action", { title: name }, name),
    make("span", "about", { title: about }, make("span", `tag ${call.kind}`, {}, call.kind), about));
  return make("tr", state, {}, make("td", "seq", { title: call.time }, String(call.seq)), action,
    make("td", "", {}, make("span", `chip ${state}`, {}, word), make("span", "status", {}, call.status === null ? "cut" : String(call.status))),
    make("td", "number", {}, call.ms < 10 ? call.ms.toFixed(1) : String(Math.round(call.ms))));
}

function faultElement(fault) {
  const known = new Set(["kind", "action", "only", "after", "count", "seen", "struck"]);
  const options = Object.entries(fault).filter(([name, value]) => !known.has(name) && value !== null)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const target = fault.action === "*" ? `any ${fault.only ?? "call"}` : fault.action + (fault.only ? `, ${fault.only}s` : "");
  const left = fault.count === null ? "until cleared" : fault.count === 0 ? "spent" : `${fault.count} to come`;
  const facts = [target, ...(fault.after ? [`after ${fault.after}`] : []), ...options, `struck ${fault.struck}`];
  return make("li", fault.count === 0 ? "fault spent" : "fault", {},
    make("div", "line", {}, make("b", "code", {}, fault.kind), make("span", "ready", {}, left)),
    make("p", "facts", {}, facts.join(" · ")));
}

function savePointElement(point) {
  const path = `savepoints/${encodeURIComponent(point.name)}`;
  const back = make("button", "", { type: "button", "aria-label": `Go back to ${point.name}` }, "Go back");
  back.addEventListener("click", () => order(`Back at ${point.name}.`, "POST", `${path}/restore`));
  const drop = make("button", "quiet", { type: "button", "aria-label": `Delete ${point.name}` }, "Delete");
  drop.addEventListener("click", () => order(`${point.name} is deleted.`, "DELETE", path));
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
  write(byId("in-flight"), `${counts.in_flight} in flight`);
  write(byId("app-count"), counts.found === counts.apps && counts.apps === state.apps.length
    ? `${counts.apps}, ${plural(counts.environments, "environment")}` : `${state.apps.length} of ${counts.found} found, ${counts.apps} in all`);
  write(byId("call-count"), counts.calls > state.calls.length ? `${state.calls.length} of ${counts.calls}` : `${counts.calls}`);
  const armed = state.faults.filter((fault) => fault.count !== 0).length;
  write(byId("fault-count"), armed ? `${armed} armed` : "none armed");
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
  write(byId("date"), `${iso(clock.now).slice(0, 10)} virtual, UTC${clock.step_s ? ` · every call takes ${clock.step_s} s` : ""}`);
}

function tick() {
  const now = skew + (performance.now() / 1000) * speed;
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
  write(byId("fault-about"), kind.about);
  form.elements.count.value = kind.count ?? "";
  const fields = byId("fault-options");
  fields.hidden = !kind.options.length;
  fields.replaceChildren(fields.firstElementChild, ...kind.options.map((option) => {
    const isNumber = option.type === "int" || option.type === "float";
    const isJson = option.type === "list" || option.type === "object" || option.type === "bool";
    const input = make("input", "", { "data-option": option.name, type: isNumber ? "number" : "text", spellcheck: "false" });
    if (option.type === "float") input.step = "any";
    if (isJson) input.placeholder = "as JSON";
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
    say(`Armed: ${form.elements.kind.value}.`);
    await refresh();
  } catch (error) {
    write(byId("fault-error"), error.message);
  }
}

async function begin() {
  write(byId("address"), location.host);
  for (const button of document.querySelectorAll("[data-advance]")) {
    const seconds = Number(button.dataset.advance);
    button.addEventListener("click", () => order(`The clock went on by ${span(seconds)}.`, "POST", "clock", { advance_s: seconds }));
  }
  byId("scale").addEventListener("change", (event) => order("The clock has another speed.", "POST", "clock", { scale: Number(event.target.value) }));
  byId("find").addEventListener("input", () => refresh().catch(() => {}));
  byId("clear-faults").addEventListener("click", () => order("No fault is armed any more.", "DELETE", "faults"));
  byId("fault-form").addEventListener("submit", armFault);
  byId("fault-form").elements.kind.addEventListener("change", showKind);
  byId("save-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = form.elements.name.value.trim();
    if (name && await order(`Kept as ${name}.`, "POST", `savepoints/${encodeURIComponent(name)}`)) form.reset();
  });
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => { dialog.returnValue = ""; dialog.showModal(); });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "reset") order("Everything is as in the first moment.", "POST", "reset");
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
