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

type Titles = ReadonlyMap<string, string>;

/** Gathers what is asked for at the same time into one question, of at most so many ids. */
export function together(ask: (ids: string[]) => Promise<Titles>, most: number): (ids: readonly string[]) => Promise<Titles> {
  let open: { ids: Set<string>; titles: Promise<Titles> } | undefined;
  const begin = () => {
    const ids = new Set<string>();
    const soon = new Promise<void>((later) => setTimeout(later)).then(() => {
      if (open?.ids === ids) open = undefined;
      return ask([...ids]);
    });
    return { ids, titles: soon };
  };
  return (ids) => {
    if (open && open.ids.size + ids.length > most) open = undefined;
    open ??= begin();
    for (const id of ids) open.ids.add(id);
    return open.titles;
  };
}
