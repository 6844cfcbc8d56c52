// The picture as a file: SVG and PNG drawn anew from the model (so that what is outside the
// window is there too), and Mermaid for documents.
import { curvesOf } from "./curve";
import type { Laid } from "./layout";
import type { Arrow, Box, Picture } from "./picture";
import { heightOf, shownRows, WIDTH } from "./sizes";

export type Colour = (name: string) => string;
const MARGIN = 24;
const FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

export function svgOf(picture: Picture, laid: Laid, colour: Colour, title: string): string {
  const [width, height] = [laid.width + 2 * MARGIN, laid.height + 2 * MARGIN];
  const lines = curvesOf(picture.boxes, picture.arrows, laid).map(({ arrow, points: p }) => {
    const d = `M${p[0]} ${p[1]}C${p[2]} ${p[3]} ${p[4]} ${p[5]} ${p[6]} ${p[7]}`;
    const stroke = colour(strokeOf(arrow));
    return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="1.5" stroke-dasharray="${dashOf(arrow).join(" ")}" marker-end="url(#end)"/>`;
  });
  const boxes = picture.boxes.map((box) => boxOf(box, laid, colour));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="${FONT}">`,
    `<title>${escaped(title)}</title>`,
    `<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour("--soft")}"/></marker></defs>`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${colour("--page")}"/>`,
    ...lines,
    ...boxes,
    "</svg>",
  ].join("\n");
}

/** The name of an arrow's colour. */
export function strokeOf(arrow: Arrow): string {
  if (arrow.change) return arrow.change === "added" ? "--good" : "--bad";
  if (arrow.purpose) return "--warn";
  return arrow.certainty === "EXACT" ? "--accent" : "--soft";
}

/** Certainty is told by the line itself, not by colour alone. */
export function dashOf(arrow: Arrow): number[] {
  if (arrow.purpose) return [2, 4];
  return { EXACT: [], INDIRECT: [8, 4], COARSE: [2, 3] }[arrow.certainty];
}

function boxOf(box: Box, laid: Laid, colour: Colour): string {
  const { x, y } = laid.places.get(box.id) ?? { x: 0, y: 0 };
  const edge = colour(box.start ? "--accent" : "--line");
  const rows = shownRows(box).map(
    (row, i) =>
      `<text x="14" y="${52 + i * 24 + 16}" font-size="12" fill="${colour("--ink")}">${escaped(short(row.title || row.name, 28))}</text>`,
  );
  return [
    `<g transform="translate(${x} ${y})">`,
    `<rect width="${WIDTH}" height="${heightOf(box)}" rx="8" fill="${colour("--paper")}" stroke="${edge}" stroke-width="${box.start ? 2 : 1}"/>`,
    `<text x="14" y="22" font-size="13" font-weight="600" fill="${colour("--ink")}">${escaped(short(box.title, 26))}</text>`,
    `<text x="14" y="40" font-size="11" fill="${colour("--soft")}">${escaped(short(box.note, 34))}</text>`,
    ...rows,
    "</g>",
  ].join("");
}

/** As many characters as fit, a Chinese one counting two. */
export function short(text: string, width: number): string {
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    used += (text.codePointAt(i) ?? 0) > 0x2e7f ? 2 : 1;
    if (used > width) return `${text.slice(0, i)}…`;
  }
  return text;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");

export function mermaidOf(picture: Picture): string {
  const names = new Map(picture.boxes.map((box, i) => [box.id, `n${i}`]));
  const said = (text: string) => text.replace(/[&<>"#;`\\]/g, (c) => `#${c.charCodeAt(0)};`).replace(/\s+/g, " ");
  const lines = new Map<string, string>();
  for (const arrow of picture.arrows) {
    const [from, to] = [names.get(arrow.from), names.get(arrow.to)];
    const line = arrow.purpose || arrow.certainty !== "EXACT" ? "-.->" : "-->";
    if (from && to && lines.get(`${from}${to}`) !== `  ${from} --> ${to}`) lines.set(`${from}${to}`, `  ${from} ${line} ${to}`);
  }
  return [
    "flowchart LR",
    ...picture.boxes.map((box) => `  ${names.get(box.id)}["${said(box.title)}"]`),
    ...lines.values(),
    "",
  ].join("\n");
}

export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${base64(svg)}`;
  await image.decode();
  // Browsers refuse canvases beyond about 16,000 pixels a side: a large picture is made smaller.
  const scale = Math.min(2, 16_000 / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, refused) =>
    canvas.toBlob((blob) => (blob ? done(blob) : refused(new Error("PNG"))), "image/png"),
  );
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
