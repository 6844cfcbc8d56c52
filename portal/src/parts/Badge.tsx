// A code as a small badge. Its tone is read off the words that the standard's lists use; a
// list of another kind stays neutral.
import type { ReactNode } from "react";

type Tone = "good" | "warn" | "bad" | "plain";

export function toneOf(code: string): Tone {
  if (/^(无条件|公开)/.test(code)) return "good";
  if (/^(有条件|敏感)/.test(code)) return "warn";
  if (/^(不予|核心)/.test(code)) return "bad";
  return "plain";
}

export function Badge({ tone = "plain", title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}
