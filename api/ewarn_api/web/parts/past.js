/** Past forecasts of a unit at one lead beside the observed counts: issued ones where there are. */
import { has_interval, is_inside, outcomes } from "../charts/outcomes.js";
import { room } from "../charts/plane.js";
import { details, el, number, table } from "../dom.js";
import { count, month, percent, range, say } from "../words.js";

export function past(rows, lead) {
  const shown = chosen(rows.filter((one) => one.lead === lead));
  if (!shown.length) return el("p", { class: "empty" }, say("no_past"));
  const seen = shown.filter((one) => one.count != null && has_interval(one));
  const inside = count(seen.filter(is_inside).length);
  const keys = ["interval", "median", "came", "missed", "escalated"].map((name) =>
    el("li", { class: `key past-${name}` }, say(`key_${name}`)),
  );
  return [
    el("p", {}, say("past_lead", { lead: String(lead), inside, n: count(seen.length) })),
    outcomes(shown, room(1000), say("past_label"), told),
    el("ul", { class: "legend" }, keys),
    details(say("numbers"), numbers(shown)),
  ];
}

/** How a past forecast was made: one issued after its month had ended is a replay, and proves less. */
export const kind_of = (one) => (one.kind === "issued" && one.is_ahead === false ? "replay" : one.kind);

/** In the order of months; a hindcast speaks only of months of which no issue did. */
function chosen(rows) {
  const issued = new Set(rows.filter((one) => one.kind === "issued").map((one) => one.target_month));
  const own = rows.filter((one) => one.kind === "issued" || !issued.has(one.target_month));
  return own.sort((a, b) => a.target_month.localeCompare(b.target_month));
}

const told = (one) =>
  say("past_tell", {
    month: month(one.target_month),
    range: range(one.q05, one.q95),
    risk: percent(one.risk),
    count: count(one.count),
    kind: say(`kind_of_${kind_of(one)}`),
  });

function numbers(rows) {
  const heads = ["month", "made_how", "risk", "interval", "expected", "came", "escalated"].map((name) =>
    say(name),
  );
  const escalated = (one) => (one.is_escalation == null ? "–" : say(one.is_escalation ? "yes" : "no"));
  const line = (one) => [
    ...[month(one.target_month, "short"), say(`kind_of_${kind_of(one)}`), number(percent(one.risk))],
    ...[
      number(range(one.q05, one.q95)),
      number(count(one.expected)),
      number(count(one.count)),
      escalated(one),
    ],
  ];
  return table(say("past"), heads, rows.map(line));
}
