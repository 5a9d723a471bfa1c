/** Questions to the public API into answers, or into an error that says the problem's detail. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const kept = new Map();
export const key = {
  get: () => sessionStorage.getItem("ewarn-key"),
  set(secret) {
    if (secret) sessionStorage.setItem("ewarn-key", secret);
    else sessionStorage.removeItem("ewarn-key");
    kept.clear();
  },
};

export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** The answer, asked for once a page; raises Problem. */
export function ask(path, query = {}) {
  const url = address(path, query);
  if (!kept.has(url)) {
    kept.set(url, fetched(url));
    kept.get(url).catch(() => kept.delete(url));
  }
  return kept.get(url);
}

async function fetched(url) {
  const headers = { Accept: "application/json" };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  const answer = await fetch(url, { headers }).catch((error) => {
    throw new Problem(0, error.message);
  });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, said.detail || said.title || answer.statusText);
}
