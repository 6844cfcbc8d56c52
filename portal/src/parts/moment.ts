// Days and instants as the ledger's own clock shows them: its zone, not that of the reader's machine.
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The clock of a zone: "2026-01-14 08:30". */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, hourCycle: "h23", ...digits });
  clocks.set(zone, clock);
  return clock;
}

/** A date, or an instant without its seconds: as told, not moved to the zone unless it names one. */
export function time(told: string, zone: string): string {
  if (!told.includes("T")) return told;
  if (/T00:00(:00)?(\.0+)?$/.test(told)) return told.slice(0, 10);
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(told)) return told.slice(0, 16).replace("T", " ");
  return clockOf(zone).format(new Date(told));
}

/** The day that an instant falls on: "2026-01-14". */
export const dayOf = (told: string, zone: string): string => time(told, zone).slice(0, 10);

export const today = (zone: string): string => dayOf(new Date().toISOString(), zone);
