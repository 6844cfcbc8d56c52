// Files handed to the reader: made in the browser, or fetched, so that the token goes with the
// question and a refusal is told in the server's words.
import { read, request } from "../api/client";

export function download(name: string, content: Blob | string, type = "text/plain;charset=utf-8"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Throws Refused or Unreachable. */
export async function fetchFile(path: string): Promise<void> {
  const response = await request(path);
  if (!response.ok) await read(response);
  download(nameOf(response.headers.get("Content-Disposition"), path), await response.blob());
}

/** As the server calls it; else the end of its address. */
export function nameOf(disposition: string | null, path: string): string {
  const told = /filename="([^"]+)"/.exec(disposition ?? "")?.[1];
  const end = new URL(path, "http://here").pathname.split("/").at(-1);
  return told ?? decodeURIComponent(end || "download");
}
