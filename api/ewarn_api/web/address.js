/** The state of the view, all of it in the address, so that links, reloads and Back show the same. */
const query = () => new URLSearchParams(location.search);

export const asked = (name) => query().get(name) ?? "";

/** Changes part of the state; `quietly` without a step of the history. */
export function set_asked(changed, { quietly = false } = {}) {
  const now = query();
  for (const [name, value] of Object.entries(changed)) value ? now.set(name, value) : now.delete(name);
  const text = now.toString();
  history[quietly ? "replaceState" : "pushState"](
    null,
    "",
    `${location.pathname}${text && `?${text}`}${location.hash}`,
  );
}

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
