// What stands behind two of the numbers on top: where sources disagree, and the commits.
import { useInfiniteQuery } from "@tanstack/react-query";
import { ask } from "../../api/client";
import { CommitLogDocument, DisputesDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { CommitLine } from "../../parts/CommitLine";
import { More } from "../../parts/More";
import { ResourceLink } from "../../parts/ResourceLink";
import { Answer, Nothing } from "../../parts/states";
import { language } from "../../words/language";
import { Figure } from "./Figure";
import { useStatisticsWords } from "./words";

export function Disputes() {
  const said = useStatisticsWords();
  const model = useModel();
  const chosen = language.use();
  const asked = useInfiniteQuery({
    queryKey: [DisputesDocument.toString()],
    queryFn: ({ pageParam, signal }) => ask(DisputesDocument, { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ conflicts: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const found = asked.data?.pages.flatMap((page) => page.conflicts.nodes);
  return (
    <Figure id="conflicts" title={said.conflicts} text={said.conflictsText} size="wide">
      <Answer asked={{ ...asked, data: found }} rows={3}>
        {(nodes) => (
          <ul className="disputes">
            {nodes.map(({ id, title, type, conflicts }) => (
              <li key={id}>
                <ResourceLink id={id} title={title} type={type} />{" "}
                <span className="soft">{conflicts.map(({ attribute }) => model.label(attribute, chosen)).join("、")}</span>
              </li>
            ))}
            {nodes.length === 0 && <Nothing>{said.agree}</Nothing>}
          </ul>
        )}
      </Answer>
      {found && <More asked={asked}>{said.moreOfThem}</More>}
    </Figure>
  );
}

export function Commits() {
  const said = useStatisticsWords();
  const asked = useInfiniteQuery({
    queryKey: [CommitLogDocument.toString()],
    queryFn: ({ pageParam, signal }) => ask(CommitLogDocument, { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ commits: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const found = asked.data?.pages.flatMap((page) => page.commits.nodes);
  return (
    <Figure id="commits" title={said.log} text={said.logText} size="wide">
      <Answer asked={{ ...asked, data: found }} rows={3}>
        {(nodes) => (
          <ol className="commits">
            {nodes.map((commit) => (
              <CommitLine key={commit.number} commit={commit} />
            ))}
          </ol>
        )}
      </Answer>
      {found && <More asked={asked}>{said.earlier}</More>}
    </Figure>
  );
}
