/** A brief to print, a page a country: its map, its highest risks and why, and milestones ahead. */
import { again, asked, place_of_lead } from "../address.js";
import { all } from "../api.js";
import { outline } from "../charts/outline.js";
import { el } from "../dom.js";
import { select } from "../parts/frame.js";
import { legend } from "../parts/legend.js";
import { highest, list, ordered } from "../parts/list.js";
import { called, count, day, language, month, percent, say } from "../words.js";

const COUNTRIES = 10; // those of the highest risk, unless one is chosen
const UNITS = 10;
const REASONS = 3;

export async function brief(about, issue) {
  const lead = place_of_lead(about.leads);
  const by_country = Map.groupBy(ordered(about.data, "risk", lead), (row) => row.location_code);
  const codes = asked("country") ? [asked("country")] : [...by_country.keys()].slice(0, COUNTRIES);
  const [borders, stones, why] = await Promise.all([all("/v1/units.geojson", { issue, location_code: codes }), all("/v1/milestones", { issue }),
    all("/v1/drivers", { issue, lead: about.leads[lead], location_code: codes })]);
  const names = [...by_country].map(([code, rows]) => [code, rows[0].location_name]).sort((a, b) => a[1].localeCompare(b[1]));
  const page = el("article", { class: "brief" }, el("h2", { class: "screen" }, say("brief")),
    el("form", { class: "filters screen", onsubmit: (event) => event.preventDefault() },
      select("lead", say("lead_label"), about.leads.map((one, i) => [String(one), month(about.target_months[i])]), again),
      select("country", say("choose_country"), [["", say("highest_countries", { n: COUNTRIES })], ...names], again),
      el("button", { type: "button", onclick: () => print() }, say("print"))),
    codes.map((code) => sheet(by_country.get(code) ?? [], about, lead, borders, why.data, stones.data.filter((one) => one.location_code === code))));
  return { title: say("brief"), page };
}

function sheet(rows, about, lead, borders, why, stones) {
  const said = { month: month(about.target_months[lead]), reference: month(about.reference_month), as_of: day(about.as_of), issue: about.issue };
  const mine = new Map(rows.map((row) => [row.admin1_code, row]));
  const coming = stones.filter((one) => (one.effective_on ?? "") > about.as_of);
  const top = rows.slice(0, UNITS);
  return el("section", { class: "sheet" }, about.simulated ? el("p", { class: "simulated" }, say("simulated")) : null,
    el("h3", {}, rows[0]?.location_name ?? "?"), el("p", {}, say("brief_lead", said)),
    el("div", { class: "halves" }, el("div", {}, outline(borders.features.filter((one) => mine.has(one.properties.admin1_code)), (code) => mine.get(code).risk[lead], say("map_of", { country: rows[0]?.location_name ?? "?" })), legend("risk")),
      el("div", {}, el("h4", {}, say("why")), reasons(top.slice(0, REASONS), why, lead), el("h4", {}, say("coming_title")), ahead(coming))),
    list(top, { measure: "risk", lead, top: highest(about.data), caption: say("brief_list", { n: count(top.length), all: count(rows.length) }) }),
    el("p", { class: "note" }, say("brief_foot")));
}

/** Of each of these units, what adds most to its risk. */
const reasons = (rows, why, lead) => el("ul", {}, rows.map((row) => {
  const first = why.find((one) => one.admin1_code === row.admin1_code && one.driver_rank === 1);
  return el("li", {}, el("b", {}, row.admin1_name), `, ${percent(row.risk[lead])}`, first ? `: ${called("driver", first.driver)} – ${first[`sentence_${language()}`] ?? ""}` : "");
}));

const ahead = (stones) => (stones.length ? el("ul", {}, stones.map((one) => el("li", {}, el("b", {}, day(one.effective_on)), ` ${one.mission}${one.place ? `, ${one.place}` : ""}: ${called("kind", one.kind)}`)))
  : el("p", {}, say("coming_none")));
