/** An overview into a brief to print: a page a country, the highest risk first. */
import { el } from "./dom.js";
import { table } from "./list.js";
import { month, say } from "./words.js";

const COUNTRIES = 12;

export function brief(overview, asks, measure, lead, link) {
  const worst = new Map();
  for (const row of overview.data) {
    if (asks.country && row.location_code !== asks.country) continue;
    const rank = row.rank[lead];
    if (rank < (worst.get(row.location_code)?.rank ?? Infinity)) {
      worst.set(row.location_code, { rank, name: row.location_name });
    }
  }
  const some = [...worst].sort((a, b) => a[1].rank - b[1].rank).slice(0, COUNTRIES);
  return el("article", { class: "brief" },
    el("p", { class: "screen" }, el("button", { type: "button", onclick: () => print() }, say("print"))),
    some.map(([code, { name }]) => el("section", { class: "sheet" },
      el("h2", {}, name), el("p", {}, say("brief_lead", { month: month(overview.target_months[lead]),
        reference: month(overview.reference_month), as_of: overview.as_of, issue: overview.issue })),
      overview.simulated ? el("p", { class: "simulated" }, say("simulated")) : null,
      table(overview, { measure, lead, link, most: 15, asks: { country: code } }))));
}
