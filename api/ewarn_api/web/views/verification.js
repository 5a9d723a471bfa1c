/** The track record: forecasts beside outcomes, and beside the last twelve months. */
import { asked } from "../address.js";
import { all, ask } from "../api.js";
import { details, el, list, section } from "../dom.js";
import { alerts } from "../parts/alerts.js";
import { card } from "../parts/card.js";
import { kind_of } from "../parts/past.js";
import { reliable, skilful } from "../parts/scored.js";
import { count, say } from "../words.js";

export async function verification(about) {
  const { issue, as_of } = about;
  const [{ data }, { data: made }] = await Promise.all([all("/v1/verification"), ask(`/v1/issues/${issue}`)]);
  const known = asked("issue") ? data.filter((row) => row.told_as_of <= as_of) : data; // then, no more was
  const of = (kind) => known.filter((row) => kind_of(row) === kind);
  const has_hindcast = of("hindcast").some((row) => row.model === made[0].model);
  const [budget, model] = await Promise.all([alerts(issue, has_hindcast), card(made[0])]);
  const kinds = ["issued", ...(of("replay").length ? ["replay"] : []), "hindcast"];
  const parts = kinds.map((kind) => part(kind, of(kind)));
  const head = [el("h2", {}, say("how_good")), el("p", { class: "lead" }, say("how_good_lead"))];
  const page = el("article", { class: "verification" }, head, budget, parts, model);
  return { title: say("how_good"), page };
}

function part(kind, rows) {
  const scored = rows.filter((row) => !row.void && row.n);
  const reasons = [...new Set(rows.filter((row) => row.void).map((row) => row.void))];
  return section(
    kind,
    say(`scores_of_${kind}`),
    el("p", {}, say(`about_${kind}`)),
    scored.length ? [reliable(scored), skilful(scored)] : el("p", { class: "empty" }, say(`none_${kind}`)),
    reasons.length ? details(say("void", { n: count(reasons.length) }), list(reasons)) : null,
  );
}
