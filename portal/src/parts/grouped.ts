/** The members by their key, in the order in which keys first appear. (Map.groupBy is too
 * young for the browsers of many offices.) */
export function grouped<T, K>(members: Iterable<T>, key: (member: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const member of members) {
    const group = groups.get(key(member));
    if (group) group.push(member);
    else groups.set(key(member), [member]);
  }
  return groups;
}
