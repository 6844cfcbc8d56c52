// The form beside its preview: checked while one types, saved with a reason, merged where
// somebody else was faster.
import { Alert, Button, Input } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { ask, Refused } from "../../api/client";
import { PresentDocument, SinceDocument, type SinceQuery } from "../../api/generated";
import { queries } from "../../api/use";
import { Failure } from "../../parts/states";
import { byField, type Changed, problemsOf, write } from "./asking";
import { Conflict } from "./Conflict";
import { Fields } from "./Fields";
import { type Field, inputOf, merge, type Merged, type Values, valuesOf, withValue } from "./form";
import { Preview } from "./Preview";
import { Unsaved } from "./Unsaved";
import { useEditWords } from "./words";

interface EditorProps {
  id?: string;
  type: string;
  version?: number;
  mutation: string;
  fields: Field[];
  base: Values;
  /** A new one is there under this id: goes on to its own address, without this form's end. */
  onMade: (id: string) => Promise<void>;
  onSaved: () => void;
}

/** What the reader began with, and what it is now. */
interface Draft {
  base: Values;
  version?: number;
  values: Values;
}
interface Other {
  since: SinceQuery["compare"];
  merged: Merged;
  next: Draft;
}

/** Milliseconds of quiet before what was typed is checked. */
const PAUSE = 500;

export function Editor({ id, type, version, mutation, fields, base, onMade, onSaved }: EditorProps) {
  const said = useEditWords();
  const [draft, setDraft] = useState<Draft>({ base, version, values: base });
  const [reason, setReason] = useState("");
  const [saving, setSaving] = useState(false);
  const [done, setDone] = useState<Changed>();
  const [failed, setFailed] = useState<unknown>();
  const [other, setOther] = useState<Other>();
  const input = useMemo(() => inputOf(fields, draft.base, draft.values), [fields, draft]);
  const dirty = Object.keys(input).length > 0;
  // Newer than what the form began with (an undo beside it), and nothing typed: begin there.
  if (!dirty && !saving && (version ?? 0) > (draft.version ?? 0)) setDraft({ base, version, values: base });

  const meet = async (error: unknown) => {
    if (!(error instanceof Refused) || error.code !== "CONFLICT" || id === undefined || draft.version === undefined) return setFailed(error);
    try {
      const [since, present] = await Promise.all([
        ask(SinceDocument, { id, from: draft.version }),
        ask(PresentDocument, { id }),
      ]);
      const theirs = valuesOf(fields, present.compare);
      const merged = merge(draft.base, draft.values, theirs);
      setOther({
        since: since.compare,
        merged,
        next: { base: theirs, version: present.resource?.version, values: merged.values },
      });
    } catch (again) {
      setFailed(again);
    }
  };
  const checked = useCheck({ id, type, mutation, input, version: draft.version, dirty, met: (error) => void meet(error) });
  const save = async () => {
    setSaving(true);
    setFailed(undefined);
    try {
      const told = await write(mutation, { type, id, version: draft.version, input, reason, dryRun: false });
      setReason("");
      void queries.invalidateQueries();
      if (id === undefined && told.resource) await onMade(told.resource.id);
      setDone(told);
      // What was typed meanwhile stays, as a change of what was saved.
      setDraft(({ values }) => ({ base: draft.values, version: told.resource?.version, values }));
      onSaved();
    } catch (error) {
      await meet(error);
    } finally {
      setSaving(false);
    }
  };
  const wrong = problemsOf(checked.error ?? failed);
  // A check may be refused as a whole: who may only read is told before typing on.
  const met = checked.error instanceof Refused && checked.error.code === "CONFLICT";
  const trouble = failed ?? (met ? undefined : checked.error);
  const unclear = byField(checked.told?.warnings ?? []);
  return (
    <>
      <Unsaved dirty={dirty && !saving} />
      {done && !dirty && (
        <Alert
          type="success"
          showIcon
          title={done.commit ? said.saved(done.commit.number) : said.unchanged}
          action={id !== undefined && <Link to={`/resource?${new URLSearchParams({ id })}`}>{said.page}</Link>}
        />
      )}
      {other && (
        <Conflict
          fields={fields}
          since={other.since}
          merged={other.merged}
          onDone={(values) => {
            setDraft({ ...other.next, values });
            setOther(undefined);
            setFailed(undefined);
          }}
        />
      )}
      {dirty && (
        <a className="ed-jump" href="#ed-preview">
          {said.toPreview}
        </a>
      )}
      <div className="ed-sides">
        <Fields
          fields={fields}
          values={draft.values}
          base={draft.base}
          wrong={wrong}
          unclear={unclear}
          onChange={(name, value) => {
            setDone(undefined);
            setDraft((known) => ({ ...known, values: withValue(known.values, name, value) }));
          }}
        />
        <aside id="ed-preview" className="paper ed-side" aria-label={said.preview}>
          <h2>{said.preview}</h2>
          <Preview id={id} dirty={dirty} checking={checked.busy} told={checked.told} wrong={wrong} fields={fields} />
          {trouble !== undefined && !wrong.size && <Failure error={trouble} />}
          <label htmlFor="ed-reason">{said.reason}</label>
          <Input.TextArea id="ed-reason" rows={2} maxLength={500} value={reason} placeholder={said.reasonHint} onChange={(event) => setReason(event.target.value)} />
          <div className="ed-buttons">
            <Button type="primary" disabled={!dirty || checked.busy || wrong.size > 0 || checked.error !== undefined || other !== undefined} loading={saving} onClick={() => void save()}>
              {said.save}
            </Button>
            <Button disabled={!dirty || saving} onClick={() => setDraft({ ...draft, values: draft.base })}>
              {said.reset}
            </Button>
          </div>
        </aside>
      </div>
    </>
  );
}

interface Check {
  id?: string;
  type: string;
  mutation: string;
  input: ReturnType<typeof inputOf>;
  version?: number;
  dirty: boolean;
  met: (error: unknown) => void;
}

/** The server's word on the form as it stands, a moment after the last key. */
function useCheck({ id, type, mutation, input, version, dirty, met }: Check) {
  const [state, setState] = useState<{ told?: Changed; error?: unknown; of?: string }>({});
  const wanted = dirty ? JSON.stringify([input, version]) : undefined;
  const meeting = useRef(met);
  useEffect(() => {
    meeting.current = met;
  });
  useEffect(() => {
    if (wanted === undefined) return;
    const stopping = new AbortController();
    const timer = setTimeout(() => {
      const [asked, of] = JSON.parse(wanted) as [typeof input, number | null];
      write(mutation, { type, id, version: of ?? undefined, input: asked, dryRun: true }, stopping.signal).then(
        (told) => setState({ told, of: wanted }),
        (error: unknown) => {
          if (stopping.signal.aborted) return;
          setState({ error, of: wanted });
          if (error instanceof Refused && error.code === "CONFLICT") meeting.current(error);
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [wanted, id, type, mutation]);
  const current = wanted !== undefined && state.of === wanted;
  return {
    busy: wanted !== undefined && !current,
    told: current ? state.told : undefined,
    error: current ? state.error : undefined,
  };
}
