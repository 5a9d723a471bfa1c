/** Requests to the public API; a failure raises a Problem that explains it. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const KEY = "ewarn-key"; // in the session alone: gone with the tab
const kept = new Map();
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set(secret) {
    if (secret) sessionStorage.setItem(KEY, secret);
    else sessionStorage.removeItem(KEY);
  },
};
export const forget = () => kept.clear();

export function address(path, asked = {}) {
  const given = Object.entries(asked).filter(([, value]) => value != null && value !== "");
  const pairs = given.flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

/** The response, requested once and cached; raises Problem. */
export function ask(path, asked = {}) {
  const url = address(path, asked);
  if (!kept.has(url)) {
    kept.set(
      url,
      fetched(url).then((answer) => answer.json()),
    );
    kept.get(url).catch(() => kept.delete(url));
  }
  return kept.get(url);
}

/** Rows of all pages there are, as they are on one, and what stands beside them. */
export const all = (path, asked = {}) => ask(path, { limit: 100_000, ...asked });

/** The answer as a file. */
export const file = async (url) => (await fetched(url)).blob();

async function fetched(url) {
  const headers = key.get() ? { Authorization: `Bearer ${key.get()}` } : {};
  const answer = await fetch(url.replace(/^\//, ""), { headers }).catch((error) => {
    throw new Problem(0, error.message);
  });
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, said.detail || said.title || answer.statusText);
}
