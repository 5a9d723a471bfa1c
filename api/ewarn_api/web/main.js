/** The address into a view, made of answers of the public API; another address, another view. */
import { asked, view } from "./address.js";
import { all, ask, Problem } from "./api.js";
import { el } from "./dom.js";
import { frame, of_key, state, told } from "./parts/frame.js";
import { brief } from "./views/brief.js";
import { overview } from "./views/overview.js";
import { unit } from "./views/unit.js";
import { verification } from "./views/verification.js";
import { has, say, speak } from "./words.js";

const VIEWS = { "": overview, unit, verification, brief };
const main = document.getElementById("main");
let shown = {}; // what is on screen
let turn = 0; // of two views asked for one after the other, the last one is shown
let was = "";

async function show() {
  const mine = (turn += 1);
  main.setAttribute("aria-busy", "true");
  try {
    await speak(asked("lang"));
    if (!shown.page) state("loading", say("loading"));
    const issue = asked("issue");
    const [about, issues] = await Promise.all([all("/v1/overview", { issue }), ask("/v1/issues", { limit: 1000 })]);
    const [name, of] = view();
    const make = VIEWS[name];
    if (!make) throw new Error(say("no_page", { name }));
    const made = await make(about, issue, of);
    if (mine !== turn) return;
    frame(issues.data, show);
    told(about);
    put(made, about.simulated);
  } catch (error) {
    if (mine === turn) failed(error);
  }
  main.removeAttribute("aria-busy");
}

function put(made, is_simulated) {
  shown.leave?.();
  shown = made;
  main.replaceChildren(made.page);
  document.title = `${is_simulated ? `[${say("made_up")}] ` : ""}${made.title} · ewarn`;
  made.ready?.();
  if (was && was !== location.hash) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  was = location.hash || "#/";
}

/** Says what went wrong and what to do; what was on screen is taken away, so that it is not believed. */
function failed(error) {
  shown.leave?.();
  shown = {};
  frame([], show);
  state("failed", "");
  const kind = error instanceof Problem ? { 0: "unreachable", 401: "needs_key", 403: "needs_key", 429: "too_many", 503: "none_yet" }[error.status] : null;
  const box = el("div", { class: "error", role: "alert" }, el("h2", {}, say(kind ?? "failed")), kind && has(`${kind}_note`) ? el("p", {}, say(`${kind}_note`)) : null, el("p", { class: "note" }, error.message),
    kind === "needs_key" ? of_key(show) : el("button", { type: "button", onclick: show }, say("again")), " ", el("a", { href: "#/" }, say("overview")));
  main.replaceChildren(box);
}

addEventListener("popstate", show);
let width = innerWidth;
addEventListener("resize", () => { // a telephone that is turned; not one whose bars come and go
  if (Math.abs(innerWidth - width) > 40) {
    width = innerWidth;
    show();
  }
});
await show();
