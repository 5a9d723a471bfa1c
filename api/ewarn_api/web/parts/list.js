/** The overview's rows into a ranked table, filtered and ordered as asked. */
import { spark } from "../charts/spark.js";
import { link } from "../address.js";
import { el, swatch } from "../dom.js";
import { colour } from "../scale.js";
import { count, points, range, said, say } from "../words.js";

const MOVED = 0.005; // less is told as 0 points

/** The rows by the measure, the highest first. */
export const ordered = (rows, measure, lead) =>
  [...rows].sort((a, b) => (b[measure][lead] ?? -2) - (a[measure][lead] ?? -2) || a.rank[lead] - b.rank[lead]);

/** `point` is told the code of the row under the pointer, or nothing when it left. */
export function list(rows, { measure, lead, top, caption, point }) {
  const main = measure === "risk_change" ? "risk" : measure; // the change has a column of its own
  const head = (name, kind, sorts) => el("th", { scope: "col", class: kind, "aria-sort": sorts ? "descending" : null }, say(name));
  return el("table", { class: "ranked" }, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, head("rank", "number"), head("unit"), head(main, "number", main === measure),
      head("risk_change", "number", main !== measure), head("interval", "number"), head("months_24"))),
    el("tbody", {}, rows.map((row) => line(row, main, lead, top, point))));
}

function line(row, measure, lead, top, point) {
  return el("tr", { onpointerenter: () => point?.(row.admin1_code), onpointerleave: () => point?.() },
    el("td", { class: "number" }, String(row.rank[lead])),
    el("th", { scope: "row" }, el("a", { href: link("unit", row.admin1_code) }, row.admin1_name), el("small", {}, row.location_name)),
    el("td", { class: "number" }, swatch(colour(measure, row[measure][lead])), said(measure, row[measure][lead])),
    moved(row.risk_change[lead]),
    el("td", { class: "number" }, range(row.q05[lead], row.q95[lead])),
    el("td", {}, spark(row.fatalities, top, say("spark_label", { n: count(row.fatalities.reduce((sum, one) => sum + (one ?? 0), 0)) }))));
}

function moved(change) {
  if (change == null) return el("td", { class: "number" }, "–");
  const kind = change > MOVED ? "up" : change < -MOVED ? "down" : "";
  return el("td", { class: `number ${kind}` }, { up: "▲ ", down: "▼ " }[kind] ?? "", points(change));
}

export const highest = (rows) => Math.max(1, ...rows.flatMap((row) => row.fatalities.map((one) => one ?? 0)));
