/** Rows of an overview into a ranked table, the highest first. */
import { link } from "../address.js";
import { spark } from "../charts/spark.js";
import { button, el, swatch } from "../dom.js";
import { colour, is_dark } from "../scale.js";
import { count, points, range, said, say } from "../words.js";

const MOVED = 0.005; // less is shown as 0 points
const [SHOWN, MORE] = [50, 100]; // rows, until more are requested, and then

/** The rows by the measure, the highest first. */
export const ordered = (rows, measure, lead) =>
  [...rows].sort(
    (a, b) => (b[measure][lead] ?? -2) - (a[measure][lead] ?? -2) || a.rank[lead] - b.rank[lead],
  );

/** The highest count of any month of any unit, which all sparklines are drawn against. */
export const highest = (rows) =>
  Math.max(1, ...rows.flatMap((row) => row.fatalities.map((deaths) => deaths ?? 0)));

/** The first rows, and a button for more; the text where there is none. */
export function ranked(rows, options, most = SHOWN) {
  if (!rows.length) return el("p", { class: "empty" }, say("nothing_found"));
  const shown = el("div", {}, table(rows.slice(0, most), options));
  const more = () => shown.replaceWith(ranked(rows, options, most + MORE));
  if (rows.length > most) shown.append(button(say("more"), more));
  return shown;
}

/** A row a unit. `point` receives the code of the row under the pointer, or nothing when it left. */
export function table(rows, { measure, lead, top, caption, point, dark = is_dark() }) {
  const main = measure === "risk_change" ? "risk" : measure; // the change has a column of its own
  const head = (name, kind, sorts) =>
    el("th", { scope: "col", class: kind, "aria-sort": sorts ? "descending" : null }, say(name));
  const heads = [
    head("rank", "number"),
    head("unit"),
    head(main, "number", main === measure),
    head("risk_change", "number", main !== measure),
    head("interval", "number"),
    head("months_24"),
  ];
  const body = rows.map((row) => line(row, main, { lead, top, point, dark }));
  const parts = [el("thead", {}, el("tr", {}, heads)), el("tbody", {}, body)];
  return el("table", { class: "ranked" }, el("caption", {}, caption), parts);
}

function line(row, measure, { lead, top, point, dark }) {
  const pointed = { onpointerenter: () => point?.(row.admin1_code), onpointerleave: () => point?.() };
  const value = row[measure][lead];
  const deaths = row.fatalities.reduce((sum, one) => sum + (one ?? 0), 0);
  return el(
    "tr",
    pointed,
    el("td", { class: "number" }, String(row.rank[lead])),
    el(
      "th",
      { scope: "row" },
      el("a", { href: link("unit", row.admin1_code) }, row.admin1_name),
      el("small", {}, row.location_name),
    ),
    el("td", { class: "number" }, swatch(colour(measure, value, dark)), said(measure, value)),
    moved(row.risk_change[lead]),
    el("td", { class: "number" }, range(row.q05[lead], row.q95[lead])),
    el("td", {}, spark(row.fatalities, top, say("spark_label", { n: count(deaths) }))),
  );
}

function moved(change) {
  const kind = change > MOVED ? "up" : change < -MOVED ? "down" : "";
  return el("td", { class: `number ${kind}` }, { up: "▲ ", down: "▼ " }[kind] ?? "", points(change));
}
