// A reader who points at a link, or comes to it by keyboard, is about to go there: the page is
// loaded meanwhile. What it asks is asked when they go.
import { useEffect } from "react";
import { pageAt } from "../routes";

export function useNearing(): void {
  useEffect(() => {
    const near = ({ target }: Event) => {
      const link = target instanceof Element ? target.closest("a") : null;
      if (link?.origin !== window.location.origin) return;
      pageAt(link.pathname)?.load().catch(() => undefined); // what fails here fails again where it is told
    };
    document.addEventListener("pointerover", near);
    document.addEventListener("focusin", near);
    return () => {
      document.removeEventListener("pointerover", near);
      document.removeEventListener("focusin", near);
    };
  }, []);
}
