import { expect, it } from "vitest";
import { type Spread, waysOf } from "./spreads";

const spread = (way: string, kinds: [string, string][], more: Partial<Spread> = {}): Spread => ({
  direction: "backward", way, startOnly: false, adapt: false, derivations: [], certainty: "exact",
  kinds: kinds.map(([accepts, becomes]) => ({ accepts, becomes })), ...more,
});

it("tells each way once, with what becomes the same side by side", () => {
  const found = waysOf([
    spread("flow", [["values", "values"], ["remove", "broken"], ["broken", "broken"]], { derivations: ["aggregation"] }),
    spread("flow", [["remove", "broken"], ["rename", "broken"]], { derivations: ["filter", "join"] }),
    spread("use", [["level", "notify"]]),
  ]);
  const bare = { adapt: false, startOnly: false };
  expect(found).toEqual([
    {
      way: "flow",
      lines: [
        { ...bare, derivations: ["aggregation"], becomes: [{ accepts: ["remove"], becomes: "broken" }, { accepts: ["values", "broken"] }] },
        { ...bare, derivations: ["filter", "join"], becomes: [{ accepts: ["remove", "rename"], becomes: "broken" }] },
      ],
    },
    { way: "use", lines: [{ ...bare, derivations: [], becomes: [{ accepts: ["level"], becomes: "notify" }] }] },
  ]);
});

it("joins what differs in nothing, and keeps apart what holds only for a start", () => {
  const found = waysOf([
    spread("part", [["remove", "remove"], ["move", "move"]]),
    spread("part", [["values", "values"]], { startOnly: true }),
    spread("part", [["move", "move"], ["level", "level"]]),
  ]);
  expect(found[0]?.lines.map(({ startOnly, becomes }) => [startOnly, becomes])).toEqual([
    [false, [{ accepts: ["remove", "move", "level"] }]],
    [true, [{ accepts: ["values"] }]],
  ]);
});
