/** The address into a view, made of answers of the public API; another address, another view. */
import { asked, view } from "./address.js";
import { all, ask, forget, key } from "./api.js";
import { button, el } from "./dom.js";
import { of_key } from "./parts/controls.js";
import { frame, state, told } from "./parts/frame.js";
import { brief } from "./views/brief.js";
import { overview } from "./views/overview.js";
import { unit } from "./views/unit.js";
import { verification } from "./views/verification.js";
import { has, say, speak } from "./words.js";

const VIEWS = { "": overview, unit, verification, brief };
const FAILURES = { 0: "unreachable", 401: "needs_key", 403: "needs_key", 429: "too_many", 503: "none_yet" };
const STALE_MS = 600_000; // a page that is looked at again after that loads again
const TURNED = 40; // pixels: a telephone that is turned, not one whose bars come and go
const main = document.getElementById("main");
let shown = {}; // what is on screen
let turn = 0; // of two views opened one after the other, the last one is shown
let [where, made_at, width] = ["", 0, innerWidth];

async function show() {
  const mine = (turn += 1);
  main.setAttribute("aria-busy", "true");
  forget(); // ETags make it cheap to ask again
  try {
    await speak(asked("lang"));
    if (!shown.page) state("loading", say("loading"));
    const made = await asked_for();
    if (mine === turn) put(...made);
  } catch (error) {
    if (mine === turn) failed(error);
  }
  if (mine === turn) main.removeAttribute("aria-busy");
}

/** The view, all of it of one issue, though a newer one may come out while it is made. */
async function asked_for() {
  const [name, of] = view();
  if (!(name in VIEWS)) throw new Error(say("no_page", { name }));
  const [about, issues] = await Promise.all([
    all("/v1/overview", { issue: asked("issue") }),
    all("/v1/issues"),
  ]);
  return [await VIEWS[name](about, of), about, issues.data];
}

function put(made, about, issues) {
  shown.leave?.();
  shown = made;
  frame(issues, show);
  told(about);
  main.replaceChildren(made.page);
  document.title = `${about.simulated ? `[${say("made_up")}] ` : ""}${made.title} · ewarn`;
  made.ready?.();
  const here = location.hash || "#/";
  if (where && where !== here) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  [where, made_at] = [here, performance.now()];
}

/** Shows what went wrong and what to do, in place of the view, so that old content is not trusted. */
function failed(error) {
  shown.leave?.();
  shown = {};
  if (!has("failed")) return void main.replaceChildren(error.message); // not even words were there
  const kind = FAILURES[error.status] ?? "failed";
  if (kind === "needs_key") key.set(""); // the one there was will not do
  frame([], show);
  state("failed", "");
  const note = has(`${kind}_note`) ? el("p", {}, say(`${kind}_note`)) : null;
  const way = kind === "needs_key" ? of_key(show) : button(say("again"), show);
  const home = el("a", { href: "#/" }, say("overview"));
  const said = [el("h2", {}, say(kind)), note, el("p", { class: "note" }, error.message), way, " ", home];
  main.replaceChildren(el("div", { class: "error", role: "alert" }, said));
}

addEventListener("popstate", show);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && performance.now() - made_at > STALE_MS) show();
});
addEventListener("resize", () => {
  if (Math.abs(innerWidth - width) <= TURNED) return;
  width = innerWidth;
  show();
});
await show();
