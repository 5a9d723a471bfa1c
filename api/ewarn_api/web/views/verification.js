/** How good have we been: what was forecast beside what came, and beside the last twelve months. */
import { again, asked, ask_for } from "../address.js";
import { all, ask, Problem } from "../api.js";
import { reliability, skill } from "../charts/scores.js";
import { room } from "../charts/plane.js";
import { details, el, number, table } from "../dom.js";
import { count, decimal, month, percent, say } from "../words.js";

const EVENTS = ["ge_1", "ge_25", "escalation"];
const STRATA = ["all", "quiet", "active", "transition"];
const BUDGET = 8; // alerts a month

export async function verification(about, issue) {
  const a_month = Number(asked("budget")) || BUDGET;
  const [{ data }, given] = await Promise.all([all("/v1/verification"), budget(a_month, about, issue)]);
  const known = issue ? data.filter((row) => row.told_as_of <= about.as_of) : data; // of an older issue: no more was
  const page = el("article", { class: "verification" }, el("h2", {}, say("how_good")), el("p", { class: "lead" }, say("how_good_lead")), alerts(given, a_month));
  for (const kind of ["issued", "hindcast"]) page.append(part(kind, known.filter((row) => row.kind === kind)));
  page.append(await card(about, issue));
  return { title: say("how_good"), page };
}

/** What alerts within the budget would have given; nothing where no hindcast says. */
async function budget(a_month, about, issue) {
  try {
    const [found] = (await ask("/v1/alert-budgets", { budget: a_month, issue })).data;
    return issue && found.last_target > about.reference_month ? null : found; // it was made later
  } catch (error) {
    if (error instanceof Problem && [409, 422].includes(error.status)) return error;
    throw error;
  }
}

function alerts(given, a_month) {
  const box = el("input", { type: "number", id: "budget", min: 1, max: 500, value: a_month, onchange: () => {
    if (!box.reportValidity()) return;
    ask_for({ budget: box.value });
    again();
  } });
  return el("section", { id: "alerts" }, el("h3", {}, say("alerts_title")), el("label", {}, el("span", {}, say("budget")), box),
    given instanceof Problem || !given ? el("p", { class: "empty" }, given?.status === 422 ? given.message : say("no_hindcast")) : outcome(given));
}

function outcome(one) {
  const said = { first: month(one.first_target), last: month(one.last_target), threshold: percent(one.threshold), leads: one.leads.join(", "), a_month: count(one.alerts_a_month) };
  const tile = (name, n, note) => el("div", { class: name }, el("dt", {}, say(name)), el("dd", {}, count(n), el("small", {}, note)));
  return [el("p", {}, say("alerts_lead", said)), el("dl", { class: "facts" },
    tile("hits", one.hits, say("hits_note", { share: percent(one.hits / (one.hits + one.false_alarms)) })),
    tile("false_alarms", one.false_alarms, say("false_note")),
    tile("misses", one.misses, say("misses_note", { share: percent(one.misses / (one.hits + one.misses)) })))];
}

function part(kind, rows) {
  const scored = rows.filter((row) => !row.void && row.n);
  const not = new Set(rows.filter((row) => row.void).map((row) => row.void));
  return el("section", { id: kind }, el("h3", {}, say(`scores_of_${kind}`)), el("p", {}, say(`about_${kind}`)),
    scored.length ? [reliable(scored.filter((row) => row.stratum === "all")), skilful(scored)] : el("p", { class: "empty" }, say(`none_${kind}`)),
    not.size ? details(say("void", { n: count(not.size) }), el("ul", {}, [...not].map((why) => el("li", {}, why)))) : null);
}

function reliable(rows) {
  const width = Math.min(room(1000), 320);
  return [el("h4", {}, say("reliability")), el("p", {}, say("reliability_note")), el("div", { class: "diagrams" }, EVENTS.map((event) => {
    const bins = Array.from({ length: 10 }, () => [0, 0, 0]);
    for (const row of rows) (row.reliability?.[event] ?? []).forEach((bin, i) => bin.forEach((value, j) => { bins[i][j] += value; }));
    const [n, , came] = bins.reduce((sum, bin) => sum.map((value, i) => value + bin[i]), [0, 0, 0]);
    return el("figure", {}, el("figcaption", {}, say(`event_${event}`), el("small", {}, say("came_of", { came: count(came), n: count(n) }))),
      reliability(bins, width, say("reliability_label", { event: say(`event_${event}`) }), say("reliability_axes")));
  }))];
}

/** Skill is 1 less the ratio of the mean CRPS of log(1 + count) to that of the last twelve months. */
function skilful(rows) {
  const leads = [...new Set(rows.map((row) => row.lead))].sort((a, b) => a - b);
  const of = (lead, stratum) => {
    const some = rows.filter((row) => row.lead === lead && row.stratum === stratum && row.crps_log1p != null);
    const sum = (name) => some.reduce((total, row) => total + row.n * row[name], 0);
    return some.length && sum("conflictology_crps_log1p") ? 1 - sum("crps_log1p") / sum("conflictology_crps_log1p") : null;
  };
  const lines = STRATA.map((stratum) => ({ name: say(`stratum_${stratum}`), values: leads.map((lead) => of(lead, stratum)) }));
  const cells = (i) => lines.map((one) => number(one.values[i] == null ? "–" : percent_signed(one.values[i])));
  const numbers = table(say("skill"), [say("lead"), ...lines.map((one) => one.name)], leads.map((lead, i) => [String(lead), ...cells(i)]));
  return [el("h4", {}, say("skill")), el("p", {}, say("skill_note")),
    leads.length > 1 ? [skill(lines, leads, room(760), say("skill_label")), details(say("numbers"), numbers)] : numbers];
}

const percent_signed = (share) => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} %`;

/** The scores of the model at origins held out of its training, by lead, from its card. */
async function card(about, issue) {
  const { data: [made] } = await ask(`/v1/issues/${about.issue}`);
  const path = `/v1/models/${encodeURIComponent(made.model)}/${encodeURIComponent(made.model_version)}`;
  const found = await ask(path, { issue }).catch(() => null);
  if (!found) return el("p", { class: "note" }, say("no_card"));
  const own = found.data[0].scores.by_lead.filter((one) => one.model === made.model);
  const base = new Map(found.data[0].scores.by_lead.filter((one) => one.model === found.data[0].compared_with).map((one) => [one.lead, one]));
  const rows = own.map((one) => [String(one.lead), number(decimal(one.crps)), number(decimal(base.get(one.lead)?.crps)), number(decimal(one.crps_log1p, 3)), number(decimal(base.get(one.lead)?.crps_log1p, 3))]);
  return el("section", { id: "card" }, el("h3", {}, say("backtest")), el("p", {}, say("backtest_note", { model: made.model, version: made.model_version }), " ",
    el("a", { href: `${path.slice(1)}.html` }, say("model_card"))),
  table(say("backtest"), [say("lead"), "CRPS", `CRPS, ${say("baseline")}`, "CRPS log(1+n)", `CRPS log(1+n), ${say("baseline")}`], rows));
}
