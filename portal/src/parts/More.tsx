// The next page of a list, and why it did not come.
import { Button } from "antd";
import type { ReactNode } from "react";
import { Failure } from "./states";

interface Paged {
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ asked, children }: { asked: Paged; children: ReactNode }) {
  const next = () => void asked.fetchNextPage();
  if (asked.error && !asked.isFetchingNextPage) return <Failure error={asked.error} retry={next} />;
  if (!asked.hasNextPage) return null;
  return (
    <Button className="more" loading={asked.isFetchingNextPage} onClick={next}>
      {children}
    </Button>
  );
}
