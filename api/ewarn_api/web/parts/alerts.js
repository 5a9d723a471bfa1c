/** An alert budget into what it would have given: hits, false alarms, and what it missed. */
import { again, asked, set_asked } from "../address.js";
import { ask } from "../api.js";
import { el, facts, labelled, section } from "../dom.js";
import { count, month, percent, say } from "../words.js";

const BUDGET = 8; // alerts a month, by default
const REFUSALS = [409, 422]; // there is no hindcast of the model; or none keeps to so small a budget

/** A budget is chosen on a hindcast; without one there is nothing to ask for. */
export async function alerts(issue, has_hindcast) {
  const a_month = Number(asked("budget")) || BUDGET;
  const found = has_hindcast ? await given(a_month, issue) : { status: 409 };
  const onchange = () => box.reportValidity() && again(set_asked({ budget: box.value }));
  const box = el("input", {
    type: "number",
    id: "budget",
    min: 1,
    max: 500,
    value: a_month,
    required: true,
    onchange,
  });
  return section("alerts", say("alerts_title"), labelled(say("budget"), box), told(found));
}

/** The row of the API, or the problem that explains why there is none. */
const given = (budget, issue) =>
  ask("/v1/alert-budgets", { budget, issue }).then(
    ({ data: [row] }) => row,
    (problem) => {
      if (REFUSALS.includes(problem.status)) return problem;
      throw problem;
    },
  );

function told(found) {
  if (found.status === 409) return el("p", { class: "empty" }, say("no_hindcast"));
  if (found.status) return el("p", { class: "empty" }, found.message);
  const { hits, misses, false_alarms } = found;
  const share = (part, whole) => ({ share: percent(part / whole) });
  const spans = {
    first: month(found.first_target),
    last: month(found.last_target),
    leads: found.leads.join(", "),
  };
  const rates = { threshold: percent(found.threshold), a_month: count(found.alerts_a_month) };
  return [
    el("p", {}, say("alerts_lead", { ...spans, ...rates })),
    facts([
      {
        kind: "hits",
        name: say("hits"),
        value: count(hits),
        note: say("hits_note", share(hits, hits + false_alarms)),
      },
      {
        kind: "false_alarms",
        name: say("false_alarms"),
        value: count(false_alarms),
        note: say("false_note"),
      },
      {
        kind: "misses",
        name: say("misses"),
        value: count(misses),
        note: say("misses_note", share(hits, hits + misses)),
      },
    ]),
  ];
}
