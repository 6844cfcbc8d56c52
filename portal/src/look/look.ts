// Light, dark, or as the system says; kept in this browser.
import { useSyncExternalStore } from "react";
import { kept } from "../parts/kept";

export type Look = "system" | "light" | "dark";

export const look = kept<Look>("mulu.look", "system", (told) => told === "light" || told === "dark" || told === "system");

const system = window.matchMedia("(prefers-color-scheme: dark)");

function watchSystem(changed: () => void): () => void {
  system.addEventListener("change", changed);
  return () => system.removeEventListener("change", changed);
}

/** Whether to show dark now. */
export function useDark(): boolean {
  const chosen = look.use();
  const systemDark = useSyncExternalStore(watchSystem, () => system.matches);
  return chosen === "system" ? systemDark : chosen === "dark";
}
