// A part of the portal that is loaded when it is first shown, or ahead of that. (React.lazy keeps
// a fallback that was painted for 300 ms, however soon the part is there: of a page that is there
// within 400 ms that would be most.)
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

interface Module<P> {
  default: ComponentType<P>;
}

export interface Later<P, More = object> {
  (props: P): ReactNode;
  /** Loads it, once; asked again after it failed. */
  load: () => Promise<Module<P> & More>;
}

export function later<P extends object, More = object>(load: () => Promise<Module<P> & More>, waiting: (props: P) => ReactNode): Later<P, More> {
  let loading: Promise<Module<P> & More> | undefined;
  let loaded: ComponentType<P> | undefined;
  const once = () =>
    (loading ??= load().then(
      (module) => {
        loaded = module.default;
        return module;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    ));
  function Shown(props: P) {
    const [Part, show] = useState(() => loaded);
    const [failed, fail] = useState<unknown>();
    useEffect(() => {
      let wanted = true;
      if (!Part) once().then((module) => wanted && show(() => module.default), (error: unknown) => wanted && fail(error));
      return () => {
        wanted = false;
      };
    }, [Part]);
    if (failed) throw failed; // to the fence around the page
    return Part ? <Part {...props} /> : waiting(props);
  }
  return Object.assign(Shown, { load: once });
}
