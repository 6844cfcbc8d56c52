// One commit of the log: who told, when, what it changed, why.
import { Link } from "react-router";
import type { CommitLineFragment } from "../api/generated";
import { words } from "../words/language";
import { resourceAddress } from "./address";
import "./commit.css";
import { Time } from "./Time";

const useCommitWords = words(
  { curated: "人工编目", and: (count: number) => `等 ${count} 项`, number: (number: number) => `提交 ${number}` },
  { curated: "by hand", and: (count) => `and ${count - SHOWN} more`, number: (number) => `commit ${number}` },
);

/** Resources that the question asks for. */
const SHOWN = 3;

export function CommitLine({ commit }: { commit: CommitLineFragment }) {
  const said = useCommitWords();
  return (
    <li className="commit">
      <p className="commit-head">
        <strong>{commit.source === "curated" ? `${said.curated} · ${commit.actor}` : commit.source}</strong>
        <Time at={commit.at} title={said.number(commit.number)} />
      </p>
      <p>
        {commit.lines.map(({ id, resource }, index) => (
          <span key={id}>
            {index > 0 && "、"}
            <Link to={resourceAddress(id)}>{resource?.title ?? id}</Link>
          </span>
        ))}{" "}
        {commit.changes > SHOWN && <span className="soft">{said.and(commit.changes)}</span>}
      </p>
      {commit.reason && <p className="soft small">{commit.reason}</p>}
    </li>
  );
}
