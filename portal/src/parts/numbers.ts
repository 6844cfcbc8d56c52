// Numbers as people of either language write them.
import { language } from "../words/language";

const locale = () => (language.get() === "zh" ? "zh-CN" : "en-GB");

export const number = (value: number): string => value.toLocaleString(locale(), { maximumFractionDigits: 3 });

/** A share as a percentage; 0 of 0 is nothing to speak of. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (100 * part) / whole;
  // Nearly all is not all, and a few are not none.
  const shown = percent > 99 && part < whole ? Math.min(percent, 99.9) : part > 0 && percent < 0.1 ? 0.1 : percent;
  return `${shown.toLocaleString(locale(), { maximumFractionDigits: 1 })}%`;
}
