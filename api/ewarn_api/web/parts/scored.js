/** Rows of `/v1/verification` into reliability diagrams and skill against the last twelve months. */
import { room } from "../charts/plane.js";
import { reliability, skill } from "../charts/scores.js";
import { details, el, number, table } from "../dom.js";
import { count, say, share } from "../words.js";

const EVENTS = ["ge_1", "ge_25", "escalation"];
const STRATA = ["all", "quiet", "active", "transition"];
const BINS = 10;

/** A diagram an event, of all rows together. */
export function reliable(rows) {
  const all = rows.filter((row) => row.stratum === "all");
  return [
    el("h4", {}, say("reliability")),
    el("p", {}, say("reliability_note")),
    el(
      "div",
      { class: "diagrams" },
      EVENTS.map((event) => diagram(event, all)),
    ),
  ];
}

function diagram(event, rows) {
  const bins = Array.from({ length: BINS }, () => [0, 0, 0]);
  for (const row of rows) {
    (row.reliability?.[event] ?? []).forEach((bin, i) => (bins[i] = added(bins[i], bin)));
  }
  const [n, , came] = bins.reduce(added);
  const name = say(`event_${event}`);
  const label = say("reliability_label", { event: name });
  const head = el(
    "figcaption",
    {},
    name,
    el("small", {}, say("came_of", { came: count(came), n: count(n) })),
  );
  return el("figure", {}, head, reliability(bins, Math.min(room(1000), 320), label, say("reliability_axes")));
}

const added = (one, other) => one.map((value, i) => value + other[i]);

/** By lead and stratum; a picture where there are leads enough for one. */
export function skilful(rows) {
  const leads = [...new Set(rows.map((row) => row.lead))].sort((a, b) => a - b);
  const lines = STRATA.map((stratum) => ({
    name: say(`stratum_${stratum}`),
    values: leads.map((lead) => skill_of(rows.filter((row) => row.lead === lead && row.stratum === stratum))),
  }));
  const cells = (i) => lines.map((one) => number(share(one.values[i])));
  const heads = [say("lead"), ...lines.map((one) => one.name)];
  const numbers = table(
    say("skill"),
    heads,
    leads.map((lead, i) => [String(lead), ...cells(i)]),
  );
  const drawn = () => [skill(lines, leads, room(760), say("skill_label")), details(say("numbers"), numbers)];
  return [el("h4", {}, say("skill")), el("p", {}, say("skill_note")), leads.length > 1 ? drawn() : numbers];
}

/** 1 less the ratio of the mean CRPS of log(1 + count) to that of the last twelve months as draws. */
function skill_of(rows) {
  const scored = rows.filter((row) => row.crps_log1p != null);
  const sum = (name) => scored.reduce((total, row) => total + row.n * row[name], 0);
  const usual = sum("conflictology_crps_log1p");
  return usual ? 1 - sum("crps_log1p") / usual : null;
}
