/** The card of the issue's model into its scores at origins that were held out of its training. */
import { ask } from "../api.js";
import { el, number, section, table } from "../dom.js";
import { decimal, say } from "../words.js";

const FILE = "model_card.json"; // of an issue, if the model had one

/** `made` are the facts of the issue. */
export async function card(made) {
  if (!(FILE in made.files))
    return section("card", say("backtest"), el("p", { class: "note" }, say("no_card")));
  const path = `/v1/models/${encodeURIComponent(made.model)}/${encodeURIComponent(made.model_version)}`;
  const found = await ask(path, { issue: made.issue });
  const note = say("backtest_note", { model: made.model, version: made.model_version });
  const whole = el("a", { href: `${path.slice(1)}.html` }, say("model_card"));
  return section("card", say("backtest"), el("p", {}, note, " ", whole), scores(found.data[0], made.model));
}

function scores({ scores: { by_lead }, compared_with }, model) {
  const of = (name) => by_lead.filter((one) => one.model === name);
  const usual = new Map(of(compared_with).map((one) => [one.lead, one]));
  const line = (one) => {
    const base = usual.get(one.lead) ?? {};
    const whole = [one.crps, base.crps].map((score) => number(decimal(score)));
    const logs = [one.crps_log1p, base.crps_log1p].map((score) => number(decimal(score, 3)));
    return [String(one.lead), ...whole, ...logs];
  };
  const pair = (name) => [name, `${name}, ${say("baseline")}`];
  const heads = [say("lead"), ...pair("CRPS"), ...pair("CRPS log(1+n)")];
  return table(say("backtest"), heads, of(model).map(line));
}
