// Export: the text as it is, the drawing as SVG, or as PNG drawn from the SVG.

import { csrfToken } from "../lib/api.js";
import { download } from "../lib/dom.js";
import { _ } from "../lib/i18n.js";

const SCALE = 2;
const LARGEST = 8192; // px a side: what browsers draw

const WRITTEN = { yaml: "asl.yaml", sam: "sam.yaml", terraform: "tf", html: "html" };

/** kind: "json" · "svg" · "png", or what the server writes: "yaml" · "sam" · "terraform" · "html". */
export async function exportAs(kind, { name, text, folded, machine = "STANDARD" }) {
  const file = name || _("state-machine");
  if (kind === "json") { download(text, `${file}.asl.json`, "application/json"); return; }
  if (kind in WRITTEN) {
    download(await posted("export/", { definition: text, name: file, kind: machine, format: kind, theme: theme() }), `${file}.${WRITTEN[kind]}`, "text/plain");
    return;
  }
  const svg = await posted("drawing/svg/", { definition: text, folded, theme: theme() });
  if (kind === "svg") { download(svg, `${file}.svg`, "image/svg+xml"); return; }
  download(await rasterised(svg), `${file}.png`, "image/png");
}

const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

/** The text that the server writes. */
async function posted(path, body) {
  const response = await fetch(`/api/v1/${path}`, {
    method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }, body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.json()).message);
  return response.text();
}

async function rasterised(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    await image.decode();
    const k = Math.min(SCALE, LARGEST / image.width, LARGEST / image.height);
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width * k, height: image.height * k });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
