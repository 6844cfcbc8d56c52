// What a run wrote, and a way back.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { ask } from "../../api/client";
import { UndoDocument } from "../../api/generated";
import { queries } from "../../api/use";
import { Failure } from "../../parts/states";
import type { Report } from "./run";
import { useImportWords } from "./words";

export function Written({ report }: { report: Report }) {
  const said = useImportWords();
  const commits = report.commits;
  const undo = useMutation({
    mutationFn: async () => {
      let last = 0;
      // The newest first: each leaves things as the one before it had them.
      for (let number = commits?.[1] ?? 0; number >= (commits?.[0] ?? 1); number--) {
        const done = await ask(UndoDocument, { commit: number, reason: "" });
        last = done.undo.commit?.number ?? last;
      }
      return last;
    },
    onSettled: () => void queries.invalidateQueries(),
  });
  if (!commits) return <Alert type="info" showIcon title={said.finishedNothing} />;
  if (undo.data) return <Alert type="info" showIcon title={said.undone(undo.data)} />;
  return (
    <>
      <Alert
        type="success"
        showIcon
        title={said.finished(...commits)}
        description={report.counts.rejected ? said.partly : undefined}
        action={
          commits[1] - commits[0] < 5 && (
            <Button size="small" loading={undo.isPending} onClick={() => undo.mutate()}>
              {said.undo}
            </Button>
          )
        }
      />
      {undo.error && <Failure error={undo.error} />}
    </>
  );
}
