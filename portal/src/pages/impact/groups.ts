// What was reached, put together by who must act, by class, or by how sure it is.
import type { ReachedPartsFragment } from "../../api/generated";

export type Reached = ReachedPartsFragment;
export type GroupBy = "department" | "type" | "certainty";

export interface Group {
  key: string;
  /** The department's name; "" where nobody answers. */
  title: string;
  breaks: number;
  adapt: number;
  told: number;
  members: Reached[];
}

const KEYS: Record<GroupBy, (one: Reached) => string> = {
  department: (one) => one.department,
  type: (one) => one.type,
  certainty: (one) => one.certainty,
};

/** Those with most to lose first; who answers for nothing known comes last. */
export function grouped(reached: readonly Reached[], by: GroupBy): Group[] {
  const groups = new Map<string, Group>();
  for (const one of reached) {
    const key = KEYS[by](one);
    const group = groups.get(key) ?? {
      key, title: by === "department" ? one.departmentTitle : key, breaks: 0, adapt: 0, told: 0, members: [],
    };
    groups.set(key, group);
    group.members.push(one);
    if (one.effect === "breaks") group.breaks++;
    else if (one.effect === "must adapt") group.adapt++;
    else group.told++;
  }
  return [...groups.values()].sort(
    (a, b) => Number(!a.key) - Number(!b.key) || b.breaks - a.breaks || b.adapt - a.adapt || b.told - a.told,
  );
}
