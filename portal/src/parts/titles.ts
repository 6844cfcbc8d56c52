/** Titles by the ids that were asked for, in their order: a resource may answer under another
 * name (an alias was merged since). */
export function titlesOf(
  ids: readonly string[],
  found: readonly ({ id: string; title: string } | null)[] | undefined,
): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  found?.forEach((one, index) => {
    if (!one) return;
    titles.set(one.id, one.title);
    const asked = ids[index];
    if (asked !== undefined) titles.set(asked, one.title);
  });
  return titles;
}
