// The keyboard is never nowhere: where what had it goes away (a button that did its work, a row
// that was removed) or can no longer have it, the part of the page around it does.
import { type RefObject, useEffect } from "react";

export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const page = root.current;
    if (!page) return;
    let around: HTMLElement[] = []; // what has the keyboard, then what it is in
    const came = ({ target }: FocusEvent) => {
      around = [];
      for (let one = target as HTMLElement | null; one && one !== page; one = one.parentElement) around.push(one);
      around.push(page);
    };
    const look = () => {
      if (document.activeElement !== document.body || !around[0] || canHave(around[0])) return;
      const next = around.find(canHave);
      if (!next) return;
      if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
      next.focus({ preventScroll: true });
    };
    const changes = new MutationObserver(look);
    changes.observe(page, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    page.addEventListener("focusin", came);
    return () => {
      changes.disconnect();
      page.removeEventListener("focusin", came);
    };
  }, [root]);
}

const canHave = (element: HTMLElement): boolean => element.isConnected && !element.matches(":disabled");
