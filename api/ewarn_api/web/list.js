/** The overview's rows into a ranked table, filtered as asked. */
import { sparkline } from "./charts.js";
import { el } from "./dom.js";
import { colour } from "./scale.js";
import { count, percent, points, say } from "./words.js";

export const fold = (name) =>
  name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

export function passes(row, { search, country, places }) {
  const names = [row.admin1_name, row.location_name, row.admin1_code, ...row.aliases];
  return (!search || names.some((name) => fold(name).includes(fold(search))))
    && (!country || row.location_code === country)
    && (!places || places.has(row.admin1_code) || places.has(row.location_code));
}

export function table(overview, { measure, lead, link, most = 50, asks }) {
  const rows = overview.data.filter((row) => passes(row, asks));
  rows.sort((a, b) => (b[measure][lead] ?? -1) - (a[measure][lead] ?? -1) || a.rank[lead] - b.rank[lead]);
  if (!rows.length) return el("p", { class: "empty" }, say("nothing_found"));
  const heads = ["rank", "unit", measure, "change", "interval", "months_24"];
  const shown = rows.slice(0, most).map((row) => line(row, measure, lead, link));
  return el("div", {},
    el("table", { class: "ranked" },
      el("caption", {}, say("list_caption", { n: count(rows.length), shown: count(shown.length) })),
      el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, say(name))))),
      el("tbody", {}, shown)));
}

function line(row, measure, lead, link) {
  const value = row[measure][lead];
  const change = row.risk_change[lead];
  return el("tr", {},
    el("td", { class: "number" }, count(row.rank[lead])),
    el("th", { scope: "row" }, el("a", { href: link(row.admin1_code) }, row.admin1_name),
      el("small", {}, row.location_name)),
    el("td", { class: "number" }, swatch(colour(measure, value)),
      measure === "expected" ? count(value) : percent(value)),
    el("td", { class: `number ${change > 0.005 ? "up" : change < -0.005 ? "down" : ""}` },
      change == null ? "–" : `${change > 0.005 ? "▲" : change < -0.005 ? "▼" : ""} ${points(change)}`),
    el("td", { class: "number" }, `${count(row.q05[lead])}–${count(row.q95[lead])}`),
    el("td", {}, sparkline(row.fatalities, say("spark_label", { n: count(row.fatalities.at(-1)) }))));
}

export function swatch(shade) {
  const box = el("span", { class: "swatch", "aria-hidden": "true" });
  box.style.backgroundColor = shade; // through the DOM, which the page's policy allows
  return box;
}
