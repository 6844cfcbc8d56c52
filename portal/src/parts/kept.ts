// A small value kept in this browser, which every part of a page may watch.
import { type Watched, watched } from "./watched";

/** `known` refuses what another version, or a person, may have left there. */
export function kept<T extends string>(
  key: string,
  initial: T,
  known: (told: string) => boolean,
  storage: Storage = localStorage,
): Watched<T> {
  const told = storage.getItem(key);
  return watched(told !== null && known(told) ? (told as T) : initial, (value) => storage.setItem(key, value));
}
