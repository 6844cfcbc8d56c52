// Unit tests run without a browser; two things that modules look at when they are loaded.
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
};
Object.assign(globalThis, { localStorage: storage, sessionStorage: storage, window: { location: { search: "" } } });
