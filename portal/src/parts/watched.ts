// A value that every part of a page may watch.
import { useSyncExternalStore } from "react";

export interface Watched<T> {
  get(): T;
  set(value: T): void;
  use(): T;
}

/** `keep` is called with each new value. */
export function watched<T>(initial: T, keep: (value: T) => void = () => undefined): Watched<T> {
  const watchers = new Set<() => void>();
  let value = initial;
  const watch = (changed: () => void) => {
    watchers.add(changed);
    return () => watchers.delete(changed);
  };
  const get = () => value;
  return {
    get,
    set(next) {
      value = next;
      keep(next);
      for (const changed of watchers) changed();
    },
    use: () => useSyncExternalStore(watch, get),
  };
}
