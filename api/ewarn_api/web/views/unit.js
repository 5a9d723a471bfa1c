/** One unit of an issue: what happened, what is forecast, why, and how good forecasts of it were. */
import { again, asked, link, place_of_lead } from "../address.js";
import { all } from "../api.js";
import { details, el, facts, section, table } from "../dom.js";
import { of_month } from "../parts/controls.js";
import { downloads } from "../parts/downloads.js";
import { life } from "../parts/life.js";
import { months } from "../parts/months.js";
import { past } from "../parts/past.js";
import { changed, drivers } from "../parts/why.js";
import { called, count, day, month, percent, points, range, say } from "../words.js";

export async function unit(about, code) {
  const row = about.data.find((one) => one.admin1_code === code);
  if (!row) throw new Error(say("no_unit", { code }));
  const found = await known(row, about.issue);
  const place = place_of_lead(about.leads);
  const lead = about.leads[place];
  const risks = found.risks.sort((a, b) => a.lead - b.lead);
  const stones = found.stones.filter((one) => !one.admin1_code || one.admin1_code === code);
  const why = found.drivers.filter((one) => one.lead === lead);
  const title = [row.admin1_name, " ", el("small", {}, `${row.location_name} · ${code}`)];
  const page = el(
    "article",
    { class: "unit" },
    el("p", { class: "crumbs" }, el("a", { href: link("") }, say("overview")), ` › ${row.location_name}`),
    el("h2", {}, title),
    first(row, about, place, risks[place]),
    section(
      "life",
      say("history_and_forecast"),
      life(found.history, risks, found.quarters, stones),
      listed(stones),
    ),
    section(
      "why",
      say("why"),
      of_month(about, again),
      sum(risks[place]),
      drivers(why),
      changed(found.changes.find((one) => one.lead === lead)),
    ),
    section("months", say("by_month"), months(risks)),
    section("past", say("past"), past(said(found.outcomes), lead)),
    files(about.issue, code),
  );
  return { title: row.admin1_name, page };
}

/** Past forecasts that existed at the time of the issue: a hindcast is made afterwards. */
const said = (rows) => (asked("issue") ? rows.filter((one) => one.kind === "issued") : rows);

/** Rows of all resources that speak of a unit, by what they are called here. */
async function known({ admin1_code, location_code }, issue) {
  const [of, path] = [{ issue, admin1_code }, `/v1/units/${encodeURIComponent(admin1_code)}`];
  const quarters = { output_type: "quantile", output_type_id: ["0.25", "0.75"] };
  const answers_to = {
    history: all(`${path}/history`, { issue }),
    outcomes: all(`${path}/outcomes`, { issue }),
    risks: all("/v1/risk-scores", of),
    drivers: all("/v1/drivers", of),
    changes: all("/v1/changes", of),
    quarters: all("/v1/forecasts", { ...of, ...quarters }),
    stones: all("/v1/milestones", { issue, location_code }),
  };
  const answers = await Promise.all(Object.values(answers_to));
  return Object.fromEntries(Object.keys(answers_to).map((name, i) => [name, [...answers[i].data]]));
}

function first(row, about, place, risk) {
  const change = row.risk_change[place];
  const rank = { rank: String(risk.rank), n: count(about.data.length) };
  return facts([
    {
      name: say("risk_in", { month: month(risk.target_month) }),
      value: percent(risk.risk),
      note: say("rank_of", rank),
    },
    {
      name: say("since_last"),
      value: change == null ? "–" : say("points", { n: points(change) }),
      note: say("since_last_note"),
    },
    {
      name: say("expected_in"),
      value: count(risk.expected),
      note: say("interval_note", { range: range(risk.q05, risk.q95) }),
    },
    { name: say("usual"), value: count(row.baseline), note: say(row.is_onset ? "onset_note" : "usual_note") },
  ]);
}

const sum = (risk) =>
  el("p", {}, say("why_lead", { month: month(risk.target_month), risk: percent(risk.risk) }));

function listed(stones) {
  if (!stones.length) return el("p", { class: "note" }, say("no_milestones"));
  const heads = ["mission", "place", "kind", "announced", "effective", "source"].map((name) => say(name));
  const line = (one) => [
    ...[one.mission, one.place ?? "–", called("kind", one.kind)],
    ...[day(one.announced_on), day(one.effective_on), one.source],
  ];
  return details(
    say("milestones_n", { n: count(stones.length) }),
    table(say("milestones"), heads, stones.map(line)),
  );
}

function files(issue, code) {
  const of_unit = `/v1/units/${encodeURIComponent(code)}`;
  const file = (label, path, asked) => ({
    label: say(label),
    path: `${path}.csv`,
    asked: () => ({ issue, limit: 100_000, ...asked }),
    name: () => `ewarn-${issue}-${code}-${path.split("/").at(-1)}.csv`,
  });
  return downloads([
    file("forecast_csv", "/v1/risk-scores", { admin1_code: code }),
    file("history_csv", `${of_unit}/history`),
    file("outcomes_csv", `${of_unit}/outcomes`),
  ]);
}
