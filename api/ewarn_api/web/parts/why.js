/** What adds to a risk, and through what it moved, into tables with bars. */
import { part } from "../charts/bars.js";
import { el, number, table } from "../dom.js";
import { called, language, points, say } from "../words.js";

const PARTS = [
  "new_events",
  "revised_events",
  "deployments_and_milestones",
  "calendar_and_lead",
  "corrections",
  "new_model",
];
const largest = (values) => Math.max(...values.map(Math.abs));

/** The drivers of one risk: what each adds to that of a quiet place, in points. */
export function drivers(rows) {
  const most = largest(rows.map((one) => one.contribution));
  const caption = say("drivers_caption", { quiet: points(rows[0]?.reference_risk ?? null).replace("+", "") });
  const line = ({ driver, contribution, ...more }) => [
    called("driver", driver),
    number(points(contribution)),
    part(contribution, most),
    more[`sentence_${language()}`] ?? "",
  ];
  const heads = [say("driver"), say("adds"), "", say("known_facts")];
  return table(caption, heads, rows.map(line), { class: "drivers" });
}

/** The parts of the change since the last issue, if it has this risk. */
export function changed(row) {
  if (row?.risk_change == null) return el("p", { class: "note" }, say("not_told_before"));
  const parts = PARTS.filter((name) => row[name] != null);
  const most = largest(parts.map((name) => row[name]));
  const line = (name) => [called("part", name), number(points(row[name])), part(row[name], most)];
  const caption = say("changed_caption", { change: points(row.risk_change) });
  return table(caption, [say("through"), say("adds"), ""], parts.map(line), { class: "narrow" });
}
