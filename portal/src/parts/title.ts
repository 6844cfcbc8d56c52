import { useEffect } from "react";
import { useCommon } from "../words/common";

/** What the browser's tab says of this page. */
export function useTitle(text: string | undefined): void {
  const { brand } = useCommon();
  useEffect(() => {
    document.title = text ? `${text} · ${brand}` : brand;
  }, [text, brand]);
}
