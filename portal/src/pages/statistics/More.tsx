import { Button } from "antd";
import type { ReactNode } from "react";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ asked, children }: { asked: Paged; children: ReactNode }) {
  if (!asked.hasNextPage) return null;
  return (
    <Button className="more" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
      {children}
    </Button>
  );
}
