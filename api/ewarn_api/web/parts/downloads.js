/** What is on screen into files, by the API or drawn here. */
import { address, file } from "../api.js";
import { button, el } from "../dom.js";
import { say } from "../words.js";

/** `files` are {label, path, query, name}, or {label, make, name} for one that is drawn here. */
export function downloads(files) {
  const said = el("output");
  const save = async ({ path, asked, make, name }) => {
    said.textContent = say("loading");
    try {
      hand_over(make ? await make() : await file(address(path, asked())), name());
      said.textContent = "";
    } catch (error) {
      said.textContent = `${say("failed")} ${error.message}`;
    }
  };
  const buttons = files.map((one) => button(one.label, () => save(one)));
  return el("p", { class: "downloads" }, el("span", {}, say("download")), buttons, said);
}

function hand_over(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
