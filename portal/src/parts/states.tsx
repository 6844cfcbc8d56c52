// What a page shows while it has nothing else to show: loading, empty, refused, offline, broken.
import { Alert, Button, Result, Skeleton } from "antd";
import { Component, type ReactNode } from "react";
import { useLocation } from "react-router";
import { Refused, Unreachable } from "../api/client";
import { useCommon } from "../words/common";

export function Loading({ rows = 6 }: { rows?: number }) {
  const said = useCommon();
  return (
    <div role="status" aria-label={said.loading} className="loading">
      <Skeleton active title paragraph={{ rows }} />
    </div>
  );
}

/** In the place of a page that is not there yet. */
export const waiting = () => <Loading />;

export function Nothing({ children }: { children?: ReactNode }) {
  const said = useCommon();
  return <p className="nothing">{children ?? said.nothing}</p>;
}

/** What went wrong, in the server's words, and a way on. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const said = useCommon();
  const offline = error instanceof Unreachable;
  const text = offline ? said.offlineText : error instanceof Refused ? error.message : String(error);
  return (
    <Alert
      className="failure"
      role="alert"
      type={offline ? "warning" : "error"}
      showIcon
      title={offline ? said.offlineTitle : said.refusedTitle}
      description={text}
      action={retry && <Button onClick={retry}>{said.retry}</Button>}
    />
  );
}

interface Asked<R> {
  data: R | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The answer when it is there; until then what there is to say. */
export function Answer<R>({
  asked,
  children,
  rows,
}: {
  asked: Asked<R>;
  children: (data: R) => ReactNode;
  rows?: number;
}) {
  if (asked.data !== undefined) return children(asked.data);
  if (asked.error) return <Failure error={asked.error} retry={() => void asked.refetch()} />;
  return <Loading rows={rows} />;
}

function Broken() {
  const said = useCommon();
  return (
    <Result
      status="error"
      title={said.brokenTitle}
      subTitle={said.brokenText}
      extra={<Button onClick={() => window.location.reload()}>{said.reload}</Button>}
    />
  );
}

class Catch extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

/** Keeps a fault in one page: the next address starts afresh. */
export function Fenced({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Catch key={pathname}>{children}</Catch>;
}
