// The latest commits on the resource; each can be taken back whole, as a new commit, where
// nothing was changed since. An import of thousands cannot: the server says so, and what to do.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Popconfirm } from "antd";
import { ask } from "../../api/client";
import { type PresentQuery, TakeBackDocument } from "../../api/generated";
import { queries } from "../../api/use";
import { Failure } from "../../parts/states";
import { Time } from "../../parts/Time";
import { useEditWords } from "./words";

type Commit = PresentQuery["compare"]["commits"][number];
const SHOWN = 8;

export function History({ commits, onUndone }: { commits: readonly Commit[]; onUndone: () => void }) {
  const said = useEditWords();
  const undo = useMutation({
    mutationFn: (commit: number) => ask(TakeBackDocument, { commit, reason: `${said.undoReason} ${commit}` }),
    onSuccess: () => {
      void queries.invalidateQueries();
      onUndone();
    },
  });
  return (
    <section className="paper ed-history">
      <h2>{said.history}</h2>
      {undo.data && <Alert type="success" showIcon title={said.undone(undo.data.undo.commit?.number ?? 0)} />}
      {undo.error && <Failure error={undo.error} />}
      {!commits.length && <p className="soft">{said.noHistory}</p>}
      <ul>
        {[...commits]
          .reverse()
          .slice(0, SHOWN)
          .map((commit) => (
            <li key={commit.number}>
              <span className="number">{`#${commit.number}`}</span>
              <Time at={commit.at} />
              <span>{commit.actor}</span>
              <span className="soft ed-why">{[commit.source, commit.reason].filter(Boolean).join(" · ")}</span>
              <Undo commit={commit} busy={undo.isPending && undo.variables === commit.number} onUndo={() => undo.mutate(commit.number)} />
            </li>
          ))}
      </ul>
    </section>
  );
}

/** One change is undone at a click; what changed more than this resource asks first. */
function Undo({ commit, busy, onUndo }: { commit: Commit; busy: boolean; onUndo: () => void }) {
  const said = useEditWords();
  const one = commit.changes === 1;
  const text = one ? said.undo : said.undoWhole(commit.changes);
  const button = (
    <Button size="small" loading={busy} onClick={one ? onUndo : undefined} aria-label={`${text} #${commit.number}`}>
      {text}
    </Button>
  );
  if (one) return button;
  return (
    <Popconfirm title={said.undoAsk(commit.changes)} okText={said.undo} cancelText={said.cancel} onConfirm={onUndo}>
      {button}
    </Popconfirm>
  );
}
