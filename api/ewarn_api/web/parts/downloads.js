/** What is on screen into files: rows as CSV or GeoJSON by the API, the map as PNG. */
import { address, file } from "../api.js";
import { el } from "../dom.js";
import { say } from "../words.js";

export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** `files` are {label, path, asked, name}, or {label, make, name} for one that is drawn here. */
export function downloads(files) {
  const said = el("output", {});
  const button = ({ label, path, asked, make, name }) => el("button", { type: "button", onclick: async () => {
    said.textContent = say("loading");
    try {
      save(make ? await make() : await file(address(path, asked())), name());
      said.textContent = "";
    } catch (error) {
      said.textContent = `${say("failed")} ${error.message}`;
    }
  } }, label);
  return el("p", { class: "downloads" }, el("span", {}, say("download")), files.map(button), said);
}
