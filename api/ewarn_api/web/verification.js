/** Scores of what was forecast into how good it has been, beside the last twelve months as draws. */
import { ask } from "./api.js";
import { reliability } from "./charts.js";
import { el } from "./dom.js";
import { count, points, say } from "./words.js";

const EVENTS = ["ge_1", "ge_25", "escalation"];

export async function verification() {
  const { data } = await ask("/v1/verification", { limit: 10000 });
  const scored = data.filter((row) => !row.void && row.n);
  const page = el("article", {}, el("h2", {}, say("how_good")), el("p", {}, say("how_good_lead")));
  if (!scored.length) page.append(el("p", { class: "empty" }, say("nothing_verified")));
  for (const kind of ["issued", "hindcast"]) {
    const rows = scored.filter((row) => row.kind === kind);
    if (rows.length) page.append(part(kind, rows));
  }
  return page;
}

function part(kind, rows) {
  const all = rows.filter((row) => row.stratum === "all");
  return el("section", {}, el("h3", {}, say(`kind_of_${kind}`)), alerts(all),
    el("div", { class: "diagrams" }, EVENTS.map((event) => diagram(event, all))), skill(rows));
}

function alerts(rows) {
  const sum = (name) => rows.reduce((total, row) => total + (row[name] ?? 0), 0);
  return el("p", {}, say("alerts", { hits: count(sum("top_20_hits")),
    misses: count(sum("top_20_false_alarms")), escalations: count(sum("escalations")) }));
}

function diagram(event, rows) {
  const bins = Array.from({ length: 10 }, () => [0, 0, 0]);
  for (const row of rows) {
    (row.reliability?.[event] ?? []).forEach((bin, i) => bin.forEach((v, j) => { bins[i][j] += v; }));
  }
  return el("figure", {}, reliability(bins, say("reliability_label", { event: say(`event_${event}`) })),
    el("figcaption", {}, say(`event_${event}`)));
}

/** Skill is 1 less the ratio of the mean CRPS of log(1 + count) to the baseline's. */
function skill(rows) {
  const strata = ["all", "quiet", "active", "transition"];
  const leads = [...new Set(rows.map((row) => row.lead))].sort((a, b) => a - b);
  const of = (lead, stratum) => {
    const some = rows.filter((row) => row.lead === lead && row.stratum === stratum && row.crps_log1p != null);
    const mean = (name) => some.reduce((total, row) => total + row.n * row[name], 0);
    return some.length ? points(1 - mean("crps_log1p") / mean("conflictology_crps_log1p")) : "–";
  };
  return el("table", {}, el("caption", {}, say("skill")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say("lead")),
      strata.map((name) => el("th", { scope: "col" }, say(`stratum_${name}`))))),
    el("tbody", {}, leads.map((lead) => el("tr", {}, el("th", { scope: "row" }, count(lead)),
      strata.map((name) => el("td", { class: "number" }, of(lead, name)))))));
}
