// The list behind a number that no search counts: what others only mention, what was retired,
// what only a weak key names, what has no lineage. The address names it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { ask } from "../../api/client";
import { type Counted, CountedDocument } from "../../api/generated";
import { useParameter } from "../../parts/address";
import { More } from "../../parts/More";
import { ResourceLink } from "../../parts/ResourceLink";
import { Answer, Nothing } from "../../parts/states";
import { Figure } from "./Figure";
import { useStatisticsWords } from "./words";

const LISTS = ["placeholder", "provisional", "retired", "underived"] as const;
export type List = (typeof LISTS)[number];

export const listAddress = (list: List): string => `/statistics?list=${list}#list`;

export function Listed({ datasets }: { datasets: string[] }) {
  const [told] = useParameter("list");
  const list = LISTS.find((one) => one === told);
  return list ? <Known key={list} list={list} types={list === "underived" ? datasets : null} /> : null;
}

function Known({ list, types }: { list: List; types: string[] | null }) {
  const said = useStatisticsWords();
  const of = list.toUpperCase() as Counted;
  const asked = useInfiniteQuery({
    queryKey: [CountedDocument.toString(), of, types],
    queryFn: ({ pageParam, signal }) => ask(CountedDocument, { of, types, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ counted }) => (counted.pageInfo.hasNextPage ? counted.pageInfo.endCursor : undefined),
  });
  const found = asked.data?.pages.flatMap((page) => page.counted.nodes);
  return (
    <Figure id="list" title={said.lists[list]} text={said.listTexts[list]} size="wide">
      <Answer asked={{ ...asked, data: found }} rows={3}>
        {(nodes) => (
          <ul className="listed">
            {nodes.map(({ id, title, type }) => (
              <li key={id}>
                <ResourceLink id={id} title={title} type={type} />
              </li>
            ))}
            {nodes.length === 0 && <Nothing />}
          </ul>
        )}
      </Answer>
      <p className="list-ways">
        {found && <More asked={asked}>{said.moreOfThem}</More>}
        <Link to="/statistics">{said.closeList}</Link>
      </p>
    </Figure>
  );
}
