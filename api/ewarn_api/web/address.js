/** The state of the view, all of it in the address, so that links, reloads and Back show the same. */
const REST_MS = 150; // of a slider, after which its place goes to the address: each write costs a frame
let pending = null; // the query that is not in the address yet
let timer;

const query = () => new URLSearchParams(pending ?? location.search);
const write = (how, text) =>
  history[how](null, "", `${location.pathname}${text && `?${text}`}${location.hash}`);

export const asked = (name) => query().get(name) ?? "";

/** Changes part of the state; `quietly` without a step of the history, and once changes rest. */
export function set_asked(changed, { quietly = false } = {}) {
  const now = query();
  for (const [name, value] of Object.entries(changed)) value ? now.set(name, value) : now.delete(name);
  pending = now.toString();
  clearTimeout(timer);
  if (quietly) timer = setTimeout(settle, REST_MS);
  else settle("pushState");
}

function settle(how = "replaceState") {
  clearTimeout(timer);
  if (pending !== null) write(how === "pushState" ? how : "replaceState", pending);
  pending = null;
}
for (const name of ["hashchange", "pagehide"]) addEventListener(name, () => settle());

/** The view, and what it is of: `#/unit/MLI-MO` is ["unit", "MLI-MO"]. */
export function view() {
  const [, name = "", of = ""] = location.hash.split("/");
  try {
    return [name, decodeURIComponent(of)];
  } catch {
    return [name, of];
  }
}

export const link = (name, of) => `#/${name}${of === undefined ? "" : `/${encodeURIComponent(of)}`}`;

/** The place of the chosen lead among those there are, the first where it is none of them. */
export const place_of_lead = (leads) => Math.max(0, leads.indexOf(Number(asked("lead"))));

/** Draws the view again, from the address as it is now. */
export const again = () => dispatchEvent(new PopStateEvent("popstate"));
