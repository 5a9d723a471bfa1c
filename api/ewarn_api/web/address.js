/** What the address asks for: all of it stands there, so that links, reloads and Back show the same. */
const query = () => new URLSearchParams(location.search);

export const asked = (name) => query().get(name) ?? "";

/** Asks for something else besides; `quietly` where no step of the history is meant. */
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

/** The place of the lead asked for among those there are, the first where it is none of them. */
export const place_of_lead = (leads) => Math.max(0, leads.indexOf(Number(asked("lead"))));

/** Has the view made again, of what the address asks for now. */
export const again = () => dispatchEvent(new PopStateEvent("popstate"));
