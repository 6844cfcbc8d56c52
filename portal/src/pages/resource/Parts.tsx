// Items of an entry, fields of a table, codes of a set: all of them, as a table to sort and
// filter. All rows are here, a page of them is drawn, so a thousand cost what twenty do.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Input, Table, type TableColumnsType } from "antd";
import { memo, useDeferredValue, useEffect, useMemo, useState } from "react";
import { ask } from "../../api/client";
import { PartsDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { ResourceLink } from "../../parts/ResourceLink";
import { Failure, Loading } from "../../parts/states";
import { Value } from "../../parts/Value";
import { language, useLabel } from "../../words/language";
import { columnsOf, ENDS, inOrder, matches, type Row, rowsOf, sharedBy } from "./parts";
import { Section } from "./ResourcePage";
import { useResourceWords } from "./words";

export function Parts({ id, at, link, title }: { id: string; at: string | undefined; link: string; title: string }) {
  const asked = useInfiniteQuery({
    queryKey: [PartsDocument.toString(), id, at, link],
    queryFn: ({ pageParam, signal }) =>
      ask(PartsDocument, { id, at: at ?? null, types: [link], after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => {
      const info = last.resource?.links.pageInfo;
      return info?.hasNextPage ? info.endCursor : undefined;
    },
  });
  const { hasNextPage, isFetching, fetchNextPage } = asked;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const model = useModel();
  const rows = useMemo(
    () => inOrder(rowsOf(asked.data?.pages.flatMap((page) => page.resource?.links.edges ?? []) ?? []), model),
    [asked.data, model],
  );
  if (asked.isPending) return <Section id={link} title={title}><Loading rows={3} /></Section>;
  if (asked.error) return <Section id={link} title={title}><Failure error={asked.error} retry={() => void asked.refetch()} /></Section>;
  if (rows.length === 0) return null;
  return (
    <Section id={link} title={title}>
      <PartsTable rows={rows} title={title} />
    </Section>
  );
}

function PartsTable({ rows, title }: { rows: Row[]; title: string }) {
  const said = useResourceWords();
  const model = useModel();
  const label = useLabel();
  const columns = useColumns(rows);
  const shared = useMemo(() => sharedBy(rows, model), [rows, model]);
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed);
  const shown = useMemo(() => (wanted ? rows.filter((row) => matches(row, wanted)) : rows), [rows, wanted]);
  return (
    <>
      <div className="parts-head">
        <Input
          className="no-print"
          allowClear
          placeholder={said.filter}
          aria-label={said.filterParts(title)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span role="status" className="soft">
          {said.rows(shown.length, rows.length)}
        </span>
      </div>
      {shared.length > 0 && (
        <p className="parts-shared">
          <span className="soft">{said.allSay}</span>
          {shared.map(({ attribute, value }) => (
            <span key={attribute.name}>
              <span className="soft">{label(attribute.label)}</span> <Value attribute={attribute} value={value} />
            </span>
          ))}
        </p>
      )}
      <Drawn rows={shown} columns={columns} />
    </>
  );
}

/** Not drawn anew for each key that is typed, but once for what the words come to. */
const Drawn = memo(function Drawn({ rows, columns }: { rows: Row[]; columns: TableColumnsType<Row> }) {
  const printing = usePrinting();
  return (
    <Table<Row>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={rows}
      scroll={printing ? undefined : { x: "max-content" }}
      pagination={printing ? false : { defaultPageSize: 20, pageSizeOptions: [20, 50, 100, 500], hideOnSinglePage: rows.length <= 20, showSizeChanger: true, size: "small" }}
    />
  );
});

function useColumns(rows: Row[]): TableColumnsType<Row> {
  const said = useResourceWords();
  const model = useModel();
  const chosen = language.use();
  return useMemo(() => {
    const order = new Intl.Collator("zh-CN", { numeric: true });
    const by = (text: (row: Row) => unknown) => (a: Row, b: Row) => order.compare(String(text(a) ?? ""), String(text(b) ?? ""));
    const columns: TableColumnsType<Row> = [
      {
        title: said.name,
        key: "title",
        sorter: by(({ title }) => title),
        render: (_, { id, title }) => <ResourceLink id={id} title={title} />,
      },
    ];
    for (const end of ENDS) {
      if (!rows.some((row) => row[end])) continue;
      columns.push({
        title: said[end],
        key: end,
        sorter: by((row) => row[end]?.title),
        render: (_, row) => row[end] && <ResourceLink id={row[end].id} title={row[end].title} />,
      });
    }
    for (const attribute of columnsOf(rows, model)) {
      const { name, datatype } = attribute;
      const values = [...new Set(rows.map(({ told }) => told.get(name)).filter((value) => value !== undefined))];
      columns.push({
        title: attribute.label[chosen],
        key: name,
        sorter: datatype === "decimal" || datatype === "integer"
          ? (a, b) => Number(a.told.get(name) ?? -1) - Number(b.told.get(name) ?? -1)
          : by(({ told }) => told.get(name)),
        ...((datatype === "code" || datatype === "boolean") && {
          filters: values.map((value) => ({ text: <Value attribute={attribute} value={value} />, value: String(value) })),
          onFilter: (value, { told }) => String(told.get(name)) === value,
        }),
        render: (_, { told }) => {
          const value = told.get(name);
          return value === undefined ? null : <Value attribute={attribute} value={value} />;
        },
      });
    }
    return columns;
  }, [rows, model, chosen, said]);
}

/** On paper there are no pages to turn: all rows are drawn. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => setPrinting(true);
    const after = () => setPrinting(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}
