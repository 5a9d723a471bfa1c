/** A unit's history, forecast, milestones, forces and groups into one picture, and its numbers. */
import { room } from "../charts/plane.js";
import { timeline } from "../charts/timeline.js";
import { button, details, el, number, table } from "../dom.js";
import { called, count, month, range, say } from "../words.js";
import { keys } from "./legend.js";

const TYPES = ["state_based", "non_state", "one_sided"];
const SPANS = [36, 72, 144]; // months of history to choose from, the second by default
const GROUPS = 8; // that were seen most in these months

export function life(history, risks, quarters, stones) {
  const every = history.map(observed);
  const ahead = forecast(risks, quarters);
  const place = el("div");
  const told = el("output", { class: "readout" }, say("readout_hint"));
  const draw = (span) => {
    const past = every.slice(-span);
    const tell = (i) => {
      told.textContent = i < past.length ? of_past(past[i]) : of_ahead(ahead[i - past.length]);
    };
    const drawn = { past, ahead, stones: marks(stones), names: groups(past), words: words(), tell };
    place.replaceChildren(timeline({ ...drawn, width: room(1000) }));
  };
  draw(SPANS[1]);
  return [
    spans(draw),
    keys("type0", "type1", "type2", "fan50", "fan90", "announced", "effective"),
    el("p", { class: "note" }, say("scale_note")),
    place,
    told,
    details(say("numbers"), numbers(every)),
  ];
}

const observed = (one) => ({
  ...one,
  total: one.fatalities,
  parts: TYPES.map((name) => one[`fatalities_${name}`]),
  actors: one.actors?.split("; ") ?? [],
});

function forecast(risks, quarters) {
  const at = new Map(quarters.map((one) => [`${one.lead} ${one.output_type_id}`, one.value]));
  const quarter = (one, level) => at.get(`${one.lead} ${level}`);
  return risks.map((one) => ({
    ...one,
    month: one.target_month,
    q25: quarter(one, "0.25"),
    q75: quarter(one, "0.75"),
  }));
}

function spans(draw) {
  const choose = (span) => (event) => {
    for (const one of group.children) one.setAttribute("aria-pressed", String(one === event.target));
    draw(span);
  };
  const choices = SPANS.map((span) =>
    button(say("years", { n: span / 12 }), choose(span), { "aria-pressed": String(span === SPANS[1]) }),
  );
  const group = el("p", { class: "spans", role: "group", "aria-label": say("span") }, choices);
  return group;
}

const words = () => ({
  label: say("picture_label"),
  deaths: say("panel_deaths"),
  milestones: say("milestones"),
  troops: say("panel_troops"),
  bases: say("panel_bases"),
  groups: say("panel_groups"),
  known: say("observed"),
  forecast: say("forecast"),
});

const marks = (stones) =>
  stones.map((one) => ({
    announced: one.announced_on?.slice(0, 7),
    effective: one.effective_on?.slice(0, 7),
    name: say("pair", {
      a: one.mission,
      b: [called("kind", one.kind), one.admin1_code && one.place].filter(Boolean).join(", "),
    }),
  }));

function groups(past) {
  const times = new Map();
  for (const name of past.flatMap((one) => one.actors)) times.set(name, (times.get(name) ?? 0) + 1);
  const order = [...times].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return order.slice(0, GROUPS).map(([name]) => name);
}

function of_past(one) {
  if (one.total == null) return say("readout_unseen", { month: month(one.month) });
  const parts = TYPES.filter((_, i) => one.parts[i]).map((name) => {
    return `${say(`type_${name}`)} ${count(one[`fatalities_${name}`])}`;
  });
  const told = {
    month: month(one.month),
    n: count(one.total),
    parts: parts.length ? ` (${parts.join(", ")})` : "",
  };
  const final = one.is_preliminary ? [say("readout_preliminary", { n: count(one.expected_final) })] : [];
  return [say("readout_past", told), ...final, ...one.actors].join(" · ");
}

const of_ahead = (one) =>
  say("readout_ahead", {
    month: month(one.month),
    median: count(one.q50),
    half: range(one.q25, one.q75),
    most: range(one.q05, one.q95),
  });

function numbers(every) {
  const heads = [
    ...[say("month"), say("fatalities"), say("expected_final")],
    ...[...TYPES.map((name) => say(`type_${name}`)), say("events")],
    ...[say("panel_troops"), say("panel_bases"), say("panel_groups")],
  ];
  const rows = every.slice(-SPANS[2]).reverse();
  const cells = (one) =>
    [one.total, one.is_preliminary ? one.expected_final : null, ...one.parts, one.events, one.troops, one.bases].map((n) => number(count(n)));
  return table(
    say("history"),
    heads,
    rows.map((one) => [month(one.month, "short"), ...cells(one), one.actors.join(", ")]),
  );
}
