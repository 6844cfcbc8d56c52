// A day or an instant, by the ledger's clock; which clock that is stands behind it.
import { useModel } from "../api/model";
import { time } from "./moment";

export function Time({ at, title }: { at: string; title?: string }) {
  const { zone } = useModel();
  const behind = [title, at.includes("T") && zone].filter(Boolean).join(" · ");
  return (
    <time dateTime={at} title={behind || undefined}>
      {time(at, zone)}
    </time>
  );
}
