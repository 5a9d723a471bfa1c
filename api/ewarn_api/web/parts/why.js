/** What adds to a risk, and through what it moved, into tables with bars. */
import { part } from "../charts/bars.js";
import { el, number, table } from "../dom.js";
import { called, language, points, say } from "../words.js";

const PARTS = ["new_events", "revised_events", "deployments_and_milestones", "calendar_and_lead", "new_model"];

/** The drivers of one risk: what each adds to that of a quiet place, in points. */
export function drivers(rows) {
  const most = Math.max(...rows.map((one) => Math.abs(one.contribution)));
  const quiet = rows[0]?.reference_risk;
  return table(say("drivers_caption", { quiet: points(quiet).replace("+", "") }), [say("driver"), say("adds"), "", say("known_facts")],
    rows.map((one) => [called("driver", one.driver), number(points(one.contribution)), part(one.contribution, most), one[`sentence_${language()}`] ?? ""]), { class: "drivers" });
}

/** The parts of the change since the last issue, if it told this risk. */
export function changed(row) {
  if (!row || row.risk_change == null) return el("p", { class: "note" }, say("not_told_before"));
  const parts = PARTS.filter((name) => row[name] != null);
  const most = Math.max(...parts.map((name) => Math.abs(row[name])));
  return table(say("changed_caption", { change: points(row.risk_change) }), [say("through"), say("adds"), ""],
    parts.map((name) => [called("part", name), number(points(row[name])), part(row[name], most)]), { class: "narrow" });
}

