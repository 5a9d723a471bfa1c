/** The map on screen as a PNG with its title, key and issue, marked where it is simulated. */
import { classes } from "../scale.js";
import { say } from "../words.js";
import { bounds } from "./legend.js";

const [HEAD, FOOT, STAMP, MARGIN, SCALE] = [64, 62, 34, 14, 2];

export function png(map, { title, subtitle, measure, simulated }) {
  const { x: width, y: height } = map.size();
  const canvas = new OffscreenCanvas(width * SCALE, (height + HEAD + FOOT) * SCALE);
  const ink = canvas.getContext("2d");
  const { backgroundColor: back, color: front } = getComputedStyle(document.body);
  ink.scale(SCALE, SCALE);
  ink.fillStyle = back;
  ink.fillRect(0, 0, width, height + HEAD + FOOT);
  for (const layer of map.canvases()) copy(ink, layer, width, height);
  write(ink, title, MARGIN, 28, "600 18px", front);
  write(ink, subtitle, MARGIN, 50, "13px", front);
  key(ink, measure, width, height + HEAD, front);
  if (simulated) stamp(ink, width, height + HEAD);
  return canvas.convertToBlob({ type: "image/png" });
}

function write(ink, text, left, top, font, fill, most) {
  Object.assign(ink, { font: `${font} system-ui, sans-serif`, fillStyle: fill });
  ink.fillText(text, left, top, most);
}

/** What of a canvas of the map is in view: it reaches beyond on all sides. */
function copy(ink, layer, width, height) {
  const [frame, at] = [document.getElementById("map"), layer].map((one) => one.getBoundingClientRect());
  ink.save();
  ink.beginPath();
  ink.rect(0, HEAD, width, height);
  ink.clip();
  ink.drawImage(layer, at.left - frame.left, at.top - frame.top + HEAD, at.width, at.height);
  ink.restore();
}

function key(ink, measure, width, top, front) {
  const all = classes(measure);
  const step = (width - 2 * MARGIN) / all.length;
  all.forEach(([shade, low, high], i) => {
    ink.fillStyle = shade;
    ink.fillRect(MARGIN + i * step, top + 12, step - 3, 12);
    write(ink, bounds(measure, low, high), MARGIN + i * step, top + 42, "12px", front, step - 3);
  });
}

function stamp(ink, width, bottom) {
  ink.fillStyle = "#7a0019";
  ink.fillRect(0, bottom - STAMP, width, STAMP);
  write(ink, say("simulated"), MARGIN, bottom - 12, "700 14px", "#ffffff", width - 2 * MARGIN);
}
