/** One unit of an issue: what happened, what is forecast, why, and how good forecasts of it were. */
import { again, ask_for, link, place_of_lead } from "../address.js";
import { all } from "../api.js";
import { class_columns } from "../charts/bars.js";
import { outcomes } from "../charts/outcomes.js";
import { room } from "../charts/plane.js";
import { details, el, number, swatch, table } from "../dom.js";
import { changed, drivers } from "../parts/why.js";
import { downloads } from "../parts/downloads.js";
import { life } from "../parts/life.js";
import { CLASSES } from "../scale.js";
import { called, count, day, month, percent, points, range, say } from "../words.js";

export async function unit(about, issue, code) {
  const row = about.data.find((one) => one.admin1_code === code);
  if (!row) throw new Error(say("no_unit", { code }));
  const of = { issue, admin1_code: code };
  const [history, risks, why, quarters, stones, moved, past] = await Promise.all([
    all(`/v1/units/${encodeURIComponent(code)}/history`, { issue }), all("/v1/risk-scores", of), all("/v1/drivers", of),
    all("/v1/forecasts", { ...of, output_type: "quantile", output_type_id: ["0.25", "0.75"] }),
    all("/v1/milestones", { issue, location_code: row.location_code }), all("/v1/changes", of),
    all(`/v1/units/${encodeURIComponent(code)}/outcomes`, { issue }),
  ].map((answer) => answer.then((said) => said.data)));
  const place = place_of_lead(about.leads);
  const lead = about.leads[place];
  const ahead = [...risks].sort((a, b) => a.lead - b.lead);
  const mine = stones.filter((one) => !one.admin1_code || one.admin1_code === code);
  const page = el("article", { class: "unit" },
    el("p", { class: "crumbs" }, el("a", { href: link("") }, say("overview")), " › ", row.location_name),
    el("h2", {}, row.admin1_name, " ", el("small", {}, `${row.location_name} · ${code}`)), facts(row, about, place, ahead[place]),
    section("history_and_forecast", life(history, ahead, quarters, mine), stones_told(mine)),
    section("why", month_chooser(about, lead), el("p", {}, say("why_lead", { month: month(ahead[place].target_month), risk: percent(ahead[place].risk) })),
      drivers(why.filter((one) => one.lead === lead)), changed(moved.find((one) => one.lead === lead))),
    section("by_month", class_columns(ahead, room(1000), say("classes_label"), (label) => month(label, "short")), classes_key(), details(say("numbers"), chances(ahead))),
    section("past", before(past, lead)),
    downloads([{ label: say("forecast_csv"), path: "/v1/risk-scores.csv", asked: () => of, name: () => `ewarn-${about.issue}-${code}.csv` },
      { label: say("history_csv"), path: `/v1/units/${encodeURIComponent(code)}/history.csv`, asked: () => ({ issue, limit: 100_000 }), name: () => `ewarn-history-${code}.csv` }]));
  return { title: row.admin1_name, page };
}

const section = (name, ...parts) => el("section", { id: name }, el("h3", {}, say(name)), parts);

/** The four numbers one asks for first. */
function facts(row, about, place, risk) {
  const fact = (label, value, note) => el("div", {}, el("dt", {}, label), el("dd", {}, value, el("small", {}, note)));
  return el("dl", { class: "facts" },
    fact(say("risk_in", { month: month(risk.target_month) }), percent(risk.risk), say("rank_of", { rank: String(risk.rank), n: count(about.data.length) })),
    fact(say("since_last"), row.risk_change[place] == null ? "–" : say("points", { n: points(row.risk_change[place]) }), say("since_last_note")),
    fact(say("expected_in"), count(risk.expected), say("interval_note", { range: range(risk.q05, risk.q95) })),
    fact(say("usual"), count(row.baseline), row.is_onset ? say("onset_note") : say("usual_note")));
}

function month_chooser(about, lead) {
  const box = el("select", { id: "lead", onchange: () => { ask_for({ lead: box.value }); again(); } },
    about.leads.map((one, i) => el("option", { value: one, selected: one === lead }, month(about.target_months[i]))));
  return el("label", {}, el("span", {}, say("lead_label")), box);
}

const classes_key = () => el("ul", { class: "legend" }, Object.entries(CLASSES).map(([name, shade]) => el("li", {}, swatch(shade), called("class", name))));

function chances(ahead) {
  const names = ["risk", ...Object.keys(CLASSES).map((name) => `p_${name}`), "p_ge_1", "p_ge_25"];
  const heads = [say("month"), say("risk"), ...Object.keys(CLASSES).map((name) => called("class", name)), say("p_ge_1"), say("p_ge_25"), say("expected"), say("interval")];
  return table(say("by_month"), heads, ahead.map((one) => [month(one.target_month, "short"),
    ...names.map((name) => number(percent(one[name]))), number(count(one.expected)), number(range(one.q05, one.q95))]));
}

function stones_told(stones) {
  if (!stones.length) return el("p", { class: "note" }, say("no_milestones"));
  return details(say("milestones_n", { n: count(stones.length) }), table(say("milestones"), [say("mission"), say("place"), say("kind"), say("announced"), say("effective"), say("source")],
    stones.map((one) => [one.mission, one.place ?? "–", called("kind", one.kind), day(one.announced_on), day(one.effective_on), one.source])));
}

/** Forecasts of the months that have come, each beside what came: issued ones where there are. */
function before(rows, lead) {
  const some = rows.filter((one) => one.lead === lead);
  const issued = new Set(some.filter((one) => one.kind === "issued").map((one) => one.target_month));
  const shown = some.filter((one) => one.kind === "issued" || !issued.has(one.target_month)).sort((a, b) => a.target_month.localeCompare(b.target_month));
  if (!shown.length) return el("p", { class: "empty" }, say("no_past"));
  const seen = shown.filter((one) => one.count != null);
  const inside = seen.filter((one) => one.count >= one.q05 && one.count <= one.q95);
  const tell = (one) => say("past_tell", { month: month(one.target_month), range: range(one.q05, one.q95), risk: percent(one.risk), count: count(one.count), kind: say(`kind_of_${one.kind}`) });
  return [el("p", {}, say("past_lead", { lead: String(lead), inside: count(inside.length), n: count(seen.length) })), outcomes(shown, room(1000), say("past_label"), tell),
    el("ul", { class: "legend" }, ["interval", "median", "came", "missed", "escalated"].map((name) => el("li", { class: `key past-${name}` }, say(`key_${name}`)))),
    details(say("numbers"), table(say("past"), [say("month"), say("made_how"), say("risk"), say("interval"), say("expected"), say("came"), say("escalated")],
      shown.map((one) => [month(one.target_month, "short"), say(`kind_of_${one.kind}`), number(percent(one.risk)), number(range(one.q05, one.q95)), number(count(one.expected)),
        number(count(one.count)), one.is_escalation == null ? "–" : say(one.is_escalation ? "yes" : "no")])))];
}
