/** One unit of an issue into its page: what happened, what is forecast, and why. */
import { ask } from "./api.js";
import { contribution, timeline } from "./charts.js";
import { el } from "./dom.js";
import { count, has, language, month, percent, points, say } from "./words.js";

const TYPES = ["state_based", "non_state", "one_sided"];
const CLASSES = ["large_decrease", "decrease", "stable", "increase", "large_increase"];
const SHOWN = 60; // months of history

export async function unit(code, issue, row, months) {
  const of = { admin1_code: code, issue, limit: 10000 };
  const [history, risks, drivers, quantiles, stones] = await Promise.all([
    ask(`/v1/units/${encodeURIComponent(code)}/history`, { issue, limit: 10000 }),
    ask("/v1/risk-scores", of),
    ask("/v1/drivers", { ...of, lead: 1 + months.lead }),
    ask("/v1/forecasts", { ...of, output_type: "quantile" }),
    ask("/v1/milestones", { location_code: row.location_code, issue, limit: 10000 }),
  ]);
  const byLead = [...risks.data].sort((a, b) => a.lead - b.lead);
  const mine = stones.data.filter((one) => !one.admin1_code || one.admin1_code === code);
  return el("article", {},
    el("h2", {}, row.admin1_name, " ", el("small", {}, row.location_name)),
    el("p", { class: "lead" }, say("unit_lead", { month: month(byLead[months.lead].target_month),
      risk: percent(byLead[months.lead].risk), rank: count(byLead[months.lead].rank),
      low: count(byLead[months.lead].q05), high: count(byLead[months.lead].q95) })),
    el("section", {}, el("h3", {}, say("history_and_forecast")), picture(history.data, byLead, quantiles.data, mine), legend()),
    el("section", {}, el("h3", {}, say("why")), reasons(drivers.data)),
    el("section", {}, el("h3", {}, say("by_month")), chances(byLead)),
    el("section", {}, el("h3", {}, say("milestones")), milestones(mine)),
    el("section", {}, el("h3", {}, say("presence")), presence(history.data)));
}

function picture(history, risks, quantiles, stones) {
  const past = history.slice(-SHOWN);
  const at = new Map(quantiles.map((one) => [`${one.lead} ${one.output_type_id}`, one.value]));
  const fan = risks.map((one) => ({ month: one.target_month, q05: one.q05, q50: one.q50, q95: one.q95,
    q25: at.get(`${one.lead} 0.25`), q75: at.get(`${one.lead} 0.75`) }));
  const marks = stones.flatMap((one) => ["announced", "effective"].filter((kind) => one[`${kind}_on`])
    .map((kind) => ({ at: one[`${kind}_on`].slice(0, 7), kind,
      name: `${one.mission}: ${kindOf(one)}, ${say(kind)} ${one[`${kind}_on`]}` })));
  return timeline({ months: past.map((one) => one.month), fan, marks, label: say("picture_label"),
    stacks: past.map((one) => TYPES.map((type) => one[`fatalities_${type}`])) });
}

const legend = () => el("p", { class: "legend" },
  ...["type0", "type1", "type2", "fan50", "fan90", "announced", "effective"].map((name) =>
    el("span", { class: `key ${name}` }, say(`key_${name}`))));

function reasons(rows) {
  const most = Math.max(...rows.map((one) => Math.abs(one.contribution)));
  return el("table", {}, el("thead", {}, el("tr", {}, ["driver", "adds", "", "known"].map((name) =>
    name ? el("th", { scope: "col" }, say(name)) : el("td", {})))),
  el("tbody", {}, rows.map((one) => el("tr", {},
    el("th", { scope: "row" }, has(`driver_${one.driver}`) ? say(`driver_${one.driver}`) : one.driver),
    el("td", { class: "number" }, points(one.contribution)),
    el("td", {}, contribution(one.contribution, most)),
    el("td", {}, one[`sentence_${language()}`])))));
}

function chances(risks) {
  const heads = ["month", "risk", ...CLASSES, "p_ge_1", "p_ge_25", "expected", "interval"];
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("by_month") }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, say(name))))),
    el("tbody", {}, risks.map((one) => el("tr", {},
      el("th", { scope: "row" }, month(one.target_month, "short")),
      ["risk", ...CLASSES.map((name) => `p_${name}`), "p_ge_1", "p_ge_25"].map((name) => el("td", { class: "number" }, percent(one[name]))),
      el("td", { class: "number" }, count(one.expected)),
      el("td", { class: "number" }, `${count(one.q05)}–${count(one.q95)}`))))));
}

export const kindOf = (one) => (has(`kind_${one.kind}`) ? say(`kind_${one.kind}`) : one.kind);

const milestones = (rows) => (rows.length ? el("ul", {}, rows.map((one) => el("li", {},
  `${one.mission}, ${one.place ?? one.admin1_name ?? one.location_code}: ${kindOf(one)}; `,
  `${say("announced")} ${one.announced_on ?? "–"}, ${say("effective")} ${one.effective_on ?? "–"}`)))
  : el("p", { class: "empty" }, say("no_milestones")));

function presence(history) {
  const last = history.at(-1);
  const names = new Set(history.slice(-12).flatMap((one) => (one.actors ? one.actors.split("; ") : [])));
  return el("dl", {}, el("dt", {}, say("actors_12")), el("dd", {}, [...names].sort().join(", ") || say("none_known")),
    el("dt", {}, say("deployed")), el("dd", {}, last.bases == null ? say("none_known")
      : say("bases_troops", { bases: count(last.bases), troops: count(last.troops) })));
}
