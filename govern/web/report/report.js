"use strict";

const API = "/api/v1";
const KEPT = "govern.token";
const FIELDS = ["kpi", "period", "actual", "confidence", "reported_on", "note", "link", "reason"];
const at = (id) => document.getElementById(id);

/* What was sent last and with which key: sent again unchanged, it is not done twice. */
let last = { content: null, key: null };
let asked = 0;

class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail);
    this.status = status;
    this.errors = problem.errors || {};
  }
}

async function call(method, path, body, headers) {
  let answer;
  try {
    answer = await fetch(path.startsWith(API) ? path : API + path, {
      method,
      body,
      credentials: "omit",
      headers: { Authorization: "Bearer " + (sessionStorage.getItem(KEPT) || ""), ...headers },
    });
  } catch {
    throw new Problem(0, { detail: "The service does not answer. Nothing is lost: try again." });
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Problem(answer.status, {
      detail: told.detail || "The service answered with status " + answer.status + ".",
      errors: told.errors,
    });
  }
  return told;
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}

function say(done, failed) {
  at("said").textContent = done || "";
  at("failed").textContent = failed || "";
}

function mark(field, problems) {
  at(field + "-error").textContent = problems.join(" ");
  if (problems.length) {
    at(field).setAttribute("aria-invalid", "true");
  } else {
    at(field).removeAttribute("aria-invalid");
  }
}

function failed(problem) {
  if (!(problem instanceof Problem)) {
    throw problem;
  }
  if (problem.status === 401) {
    signOut();
    mark("token", [problem.message]);
    at("token").focus();
    return;
  }
  const named = FIELDS.filter((field) => problem.errors[field]);
  const others = Object.entries(problem.errors).filter(([field]) => !FIELDS.includes(field));
  named.forEach((field) => mark(field, problem.errors[field]));
  const rest = others.map(([field, problems]) => field + ": " + problems.join("; "));
  say("", [problem.message, ...rest].join(" "));
  if (named.length) {
    at(named[0]).focus();
  }
}

function show(signedIn) {
  at("signing-in").hidden = signedIn;
  for (const id of ["owed", "reporting", "sign-out", "who"]) {
    at(id).hidden = !signedIn;
  }
}

function signOut() {
  sessionStorage.removeItem(KEPT);
  say("", "");
  at("owed-rows").replaceChildren();
  at("owed-table").hidden = true;
  at("report").reset();
  at("actual").disabled = false;
  FIELDS.forEach((field) => mark(field, []));
  at("kpi-known").textContent = at("period-known").textContent = at("who").textContent = "";
  last = { content: null, key: null };
  show(false);
}

async function enter() {
  const me = await call("GET", "/me");
  at("who").textContent = "Signed in as " + me.name;
  show(true);
  await list();
}

function cell(row, text, kind) {
  const made = row.insertCell();
  made.textContent = text;
  if (kind) {
    made.className = kind;
  }
  return made;
}

async function list() {
  const rows = at("owed-rows");
  const found = [];
  let next = null;
  do {
    const more = next ? "&cursor=" + encodeURIComponent(next) : "";
    const page = await call("GET", "/readings/due?limit=200&sort=project" + more);
    found.push(...page.items);
    next = page.next;
  } while (next);
  rows.replaceChildren();
  for (const kpi of found) {
    for (const period of kpi.periods) {
      const row = rows.insertRow();
      cell(row, kpi.project_name);
      cell(row, kpi.name + (kpi.unit ? " (" + kpi.unit + ")" : ""));
      cell(row, kpi.owner || "nobody is named");
      cell(row, period.period);
      const over = period.state === "overdue";
      cell(row, period.due + (over ? ", " + period.days_over + " days over" : ""), over ? "over" : "");
      cell(row, "not reported", "missing");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Report";
      button.setAttribute("aria-label", "Report " + kpi.name + " for " + period.period);
      button.addEventListener("click", () => choose(kpi, period));
      cell(row, "").append(button);
    }
  }
  at("owed-none").hidden = rows.rows.length > 0;
  at("owed-table").hidden = rows.rows.length === 0;
}

function choose(kpi, period) {
  at("report").reset();
  at("actual").disabled = false;
  FIELDS.forEach((field) => mark(field, []));
  say("", "");
  at("kpi").value = kpi.kpi;
  at("period").value = period.period;
  compare();
  at("actual").focus();
}

/* What is known of the KPI and the period, to compare with. What is not known is said to be so. */
async function compare() {
  const mine = ++asked;
  const id = at("kpi").value.trim();
  const period = at("period").value;
  at("kpi-known").textContent = at("period-known").textContent = "";
  if (!id) {
    return;
  }
  try {
    const path = "/kpis/" + encodeURIComponent(id);
    const [kpi, plan, newest] = await Promise.all([
      call("GET", path),
      call("GET", path + "/plan"),
      call("GET", path + "/readings?sort=-period&limit=500"),
    ]);
    if (mine !== asked) {
      return;
    }
    at("kpi-known").textContent = kpi.name + (kpi.unit ? ", in " + kpi.unit : "");
    if (period) {
      const planned = plan.planned.find((each) => each.period === period);
      const there = newest.items.find((each) => each.period === period);
      const before = newest.items.find((each) => each.period < period && each.actual !== null);
      at("period-known").textContent = [
        "planned: " + (planned ? planned.planned : "unknown"),
        "so far: " + (there && there.actual !== null ? there.actual : "not reported"),
        "last before: " + (before ? before.actual + " (" + before.period + ")" : "unknown"),
      ].join("; ");
    }
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status === 401) {
      failed(problem);
    } else if (mine === asked) {
      mark("kpi", [problem.message]);
    }
  }
}

function given() {
  const values = { period: at("period").value };
  const none = at("no-figure").checked;
  values.actual = none ? null : at("actual").value.trim();
  for (const field of ["confidence", "reported_on", "note", "link", "reason"]) {
    const text = at(field).value.trim();
    if (text) {
      values[field] = text;
    }
  }
  return values;
}

async function send(event) {
  event.preventDefault();
  FIELDS.forEach((field) => mark(field, []));
  say("", "");
  const id = at("kpi").value.trim();
  const values = given();
  const lacking = [];
  if (!id) {
    lacking.push(["kpi", "Say which KPI."]);
  }
  if (!values.period) {
    lacking.push(["period", "Say on which day the period ends."]);
  }
  if (values.actual === "") {
    lacking.push(["actual", "Write a number, or tick that there is none. An empty field is not zero."]);
  }
  if (lacking.length) {
    lacking.forEach(([field, problem]) => mark(field, [problem]));
    at(lacking[0][0]).focus();
    return;
  }
  const content = JSON.stringify(values);
  const path = "/kpis/" + encodeURIComponent(id) + "/readings";
  if (last.content !== path + content) {
    last = { content: path + content, key: newKey() };
  }
  at("send").disabled = true;
  try {
    const told = await call("POST", path, content, {
      "Content-Type": "application/json",
      "Idempotency-Key": '"' + last.key + '"',
    });
    const figure = values.actual === null ? "no figure" : values.actual;
    at("report").reset();
    at("actual").disabled = false;
    at("kpi-known").textContent = at("period-known").textContent = "";
    last = { content: null, key: null };
    await list();
    say("Taken: " + told.kpi + " for " + told.period + ", " + figure + " (" + told.status + ").", "");
    at("main").focus();
  } catch (problem) {
    /* A refusal is final for its key; after a fault the same key asks again. */
    if (problem instanceof Problem && problem.status >= 400 && problem.status < 500 && problem.status !== 409) {
      last = { content: null, key: null };
    }
    failed(problem);
  } finally {
    at("send").disabled = false;
  }
}

at("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  mark("token", []);
  const token = at("token").value.trim();
  at("token").value = "";
  if (!token) {
    mark("token", ["A token is needed."]);
    at("token").focus();
    return;
  }
  sessionStorage.setItem(KEPT, token);
  try {
    await enter();
    at("main").focus();
  } catch (problem) {
    failed(problem);
  }
});
at("sign-out").addEventListener("click", () => {
  signOut();
  at("token").focus();
});
at("report").addEventListener("submit", send);
at("kpi").addEventListener("change", () => {
  mark("kpi", []);
  compare();
});
at("period").addEventListener("change", compare);
at("no-figure").addEventListener("change", () => {
  at("actual").disabled = at("no-figure").checked;
  mark("actual", []);
});
if (sessionStorage.getItem(KEPT)) {
  enter().catch(failed);
}
