// A small value kept in this browser, which every part of a page may watch.
import { useSyncExternalStore } from "react";

export interface Kept<T extends string> {
  get(): T;
  set(value: T): void;
  use(): T;
}

/** `known` refuses what another version, or a person, may have left there. */
export function kept<T extends string>(
  key: string,
  initial: T,
  known: (told: string) => boolean,
  storage: Storage = localStorage,
): Kept<T> {
  const watchers = new Set<() => void>();
  const told = storage.getItem(key);
  let value = told !== null && known(told) ? (told as T) : initial;
  const watch = (changed: () => void) => {
    watchers.add(changed);
    return () => watchers.delete(changed);
  };
  const get = () => value;
  return {
    get,
    set(next) {
      value = next;
      storage.setItem(key, next);
      for (const changed of watchers) changed();
    },
    use: () => useSyncExternalStore(watch, get),
  };
}
