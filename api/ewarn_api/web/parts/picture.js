/** The map on screen into a PNG that says what it shows: title, key, issue, and if it is made up. */
import { classes } from "../scale.js";
import { say } from "../words.js";
import { bounds } from "./legend.js";

const [HEAD, FOOT, SCALE] = [64, 62, 2];

export function png(map, { title, subtitle, measure, simulated }) {
  const { x: width, y: height } = map.size();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: (height + HEAD + FOOT) * SCALE });
  const ink = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const [back, front, soft] = ["--back", "--ink", "--soft"].map((name) => style.getPropertyValue(name).trim());
  ink.scale(SCALE, SCALE);
  ink.fillStyle = back;
  ink.fillRect(0, 0, width, height + HEAD + FOOT);
  ink.save();
  ink.beginPath();
  ink.rect(0, HEAD, width, height);
  ink.clip();
  const frame = document.getElementById("map").getBoundingClientRect();
  for (const layer of map.canvases()) {
    const at = layer.getBoundingClientRect();
    ink.drawImage(layer, at.left - frame.left, at.top - frame.top + HEAD, at.width, at.height);
  }
  ink.restore();
  const write = (text, left, top, font, fill) => Object.assign(ink, { font: `${font} system-ui, sans-serif`, fillStyle: fill }).fillText(text, left, top);
  write(title, 14, 28, "600 18px", front);
  write(subtitle, 14, 50, "13px", soft);
  classes(measure).forEach(([shade, low, high], i, all) => {
    const left = 14 + (i * (width - 28)) / all.length;
    ink.fillStyle = shade;
    ink.fillRect(left, height + HEAD + 12, (width - 28) / all.length - 3, 12);
    write(bounds(measure, low, high), left, height + HEAD + 42, "12px", soft);
  });
  if (simulated) stamp(ink, width, height + HEAD);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

function stamp(ink, width, height) {
  ink.fillStyle = "#7a0019";
  ink.fillRect(0, height - 34, width, 34);
  Object.assign(ink, { font: "700 16px system-ui, sans-serif", fillStyle: "#fff", textAlign: "center" }).fillText(say("simulated"), width / 2, height - 12, width - 16);
}
