// A file: handed in, checked, corrected, written. The file stays in the browser between the
// steps; the server keeps nothing of it.
import { Alert, Button, Checkbox, Input, Progress as Bar, Steps, Upload } from "antd";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Refused } from "../../api/client";
import { queries } from "../../api/use";
import { ClassPick } from "../../parts/ClassPick";
import { download, fetchFile } from "../../parts/download";
import { Failure } from "../../parts/states";
import "./import.css";
import { Outcome } from "./Outcome";
import { ACCEPTED, askedOf, type Correction, kindOf, mappingOf, type Progress, rejectedAs, rejectedRows, type Report, run, type Terms } from "./run";
import { Terms as TermsForm } from "./Terms";
import { Understood } from "./Understood";
import { useImportWords } from "./words";
import { Written } from "./Written";

interface Running {
  dryRun: boolean;
  progress?: Progress;
  stop: () => void;
}

export default function Import() {
  const said = useImportWords();
  const [file, setFile] = useState<File>();
  const [terms, setTerms] = useState<Terms>({ kind: "excel" });
  const [corrections, setCorrections] = useState<ReadonlyMap<string, Correction>>(new Map());
  const [report, setReport] = useState<Report>();
  const [checked, setChecked] = useState("");
  const [stopped, setStopped] = useState(false);
  const [running, setRunning] = useState<Running>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    document.title = said.title;
  }, [said.title]);

  const start = async (of: File, dryRun: boolean, asked: Terms) => {
    const stopping = new AbortController();
    setError(undefined);
    setStopped(false);
    setRunning({ dryRun, stop: () => stopping.abort() });
    const mapping = mappingOf(report?.understood ?? [], corrections);
    try {
      const hear = (progress: Progress) => setRunning((known) => known && { ...known, progress });
      setReport(await run(of, { ...asked, ...(mapping && { mapping }) }, dryRun, hear, stopping.signal));
      setChecked(askedOf(asked, corrections));
    } catch (failed) {
      if (!stopping.signal.aborted) setError(failed);
      else if (!dryRun) setStopped(true);
    } finally {
      if (!dryRun) void queries.invalidateQueries();
      setRunning(undefined);
    }
  };
  const choose = (chosen: File) => {
    const kind = kindOf(chosen.name);
    setFile(chosen);
    setReport(undefined);
    setCorrections(new Map());
    setError(kind ? undefined : new Refused(`${said.unsupported}: ${chosen.name}`, "INVALID"));
    if (!kind) return;
    const next: Terms = { ...terms, kind };
    setTerms(next);
    if (kind !== "ddl" && kind !== "sql") void start(chosen, true, next); // these ask for an address first
  };
  const reset = () => {
    setFile(undefined);
    setReport(undefined);
    setError(undefined);
    setCorrections(new Map());
  };
  const written = report && !report.dry_run;
  return (
    <div className="ip">
      <header>
        <h1>{said.title}</h1>
        <p className="soft">{said.lead}</p>
      </header>
      <Steps
        size="small"
        responsive={false}
        current={written ? 3 : report ? 1 : 0}
        items={[{ title: said.step1 }, { title: said.step2 }, { title: said.step3 }]}
      />
      {!file || (!kindOf(file.name) && error !== undefined) ? (
        <Drop onFile={choose} />
      ) : (
        <section className="paper ip-file">
          <strong>{file.name}</strong>
          <span className="soft number">{sizeOf(file.size)}</span>
          <Button size="small" onClick={reset} disabled={running !== undefined}>
            {said.again}
          </Button>
        </section>
      )}
      {error !== undefined && <Failure error={error} />}
      {stopped && <Alert type="warning" showIcon title={said.stopped} action={<Link to="/statistics#commits">{said.log}</Link>} />}
      {file && kindOf(file.name) && !written && (
        <TermsForm
          terms={terms}
          onChange={setTerms}
          busy={running !== undefined}
          checked={report !== undefined}
          onCheck={(next) => void start(file, true, next)}
        />
      )}
      {running && <Run running={running} />}
      {report && file && (!running || running.dryRun) && (
        <>
          {report.dry_run && (
            <Understood
              sheets={report.understood}
              corrections={corrections}
              busy={running !== undefined}
              onChange={setCorrections}
              onCheck={() => void start(file, true, terms)}
            />
          )}
          {written && <Written report={report} />}
          <Outcome report={report} form={rejectedAs(terms.kind)} onRejected={() => void saveRejected(file, { ...terms, mapping: mappingOf(report.understood, corrections) }, setError)} />
          {report.dry_run && <Decide report={report} busy={running !== undefined} stale={checked !== askedOf(terms, corrections) || stopped} onWrite={(reason, confirm) => void start(file, false, { ...terms, reason, confirm })} />}
        </>
      )}
    </div>
  );
}

async function saveRejected(file: File, terms: Terms, failed: (error: unknown) => void) {
  try {
    const rows = await rejectedRows(file, terms);
    if (rows) download(`${file.name.replace(/\.[^.]+$/, "")}-rejected.${rejectedAs(terms.kind)}`, rows);
  } catch (error) {
    failed(error);
  }
}

const sizeOf = (bytes: number): string => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function Drop({ onFile }: { onFile: (file: File) => void }) {
  const said = useImportWords();
  return (
    <>
      <Upload.Dragger
        accept={ACCEPTED}
        showUploadList={false}
        beforeUpload={(file) => {
          onFile(file);
          return false;
        }}
      >
        <p className="ip-drop">{said.drop}</p>
        <p className="soft">{said.kinds}</p>
      </Upload.Dragger>
      <Templates />
    </>
  );
}

function Templates() {
  const said = useImportWords();
  const [refused, setRefused] = useState<unknown>();
  return (
    <p className="ip-templates">
      <span>{said.templates}</span>
      <ClassPick
        label={said.templates}
        hint={said.template}
        value={null}
        onChange={(name) => {
          setRefused(undefined);
          if (name) fetchFile(`/template/${encodeURIComponent(name)}.xlsx`).catch(setRefused);
        }}
      />
      {refused !== undefined && <Failure error={refused} />}
    </p>
  );
}

function Run({ running }: { running: Running }) {
  const said = useImportWords();
  const { progress } = running;
  const part = progress?.total ? Math.round((100 * progress.done) / progress.total) : undefined;
  return (
    <section className="paper ip-run" role="status" aria-live="polite">
      <span>{running.dryRun ? said.reading : said.writing}</span>
      <Bar percent={part ?? 100} status="active" showInfo={part !== undefined} aria-label={running.dryRun ? said.reading : said.writing} />
      <Button size="small" onClick={running.stop}>
        {said.cancel}
      </Button>
    </section>
  );
}

const MANY = 0.2;

interface DecideProps {
  report: Report;
  /** Being checked again. */
  busy: boolean;
  /** Whether something was changed since it was checked. */
  stale: boolean;
  onWrite: (reason: string, confirm: boolean) => void;
}

function Decide({ report, busy, stale, onWrite }: DecideProps) {
  const said = useImportWords();
  const [reason, setReason] = useState("");
  const [confirm, setConfirm] = useState(false);
  const { counts } = report;
  const before = counts.changed + counts.unchanged + counts.withdrawn;
  const many = counts.withdrawn > MANY * before;
  const nothing = !counts.new && !counts.changed && !counts.withdrawn;
  return (
    <section className="paper ip-decide">
      <label htmlFor="ip-reason">{said.reason}</label>
      <Input id="ip-reason" value={reason} maxLength={200} placeholder={said.reasonHint} onChange={(event) => setReason(event.target.value)} />
      {many && (
        <Alert
          type="warning"
          showIcon
          title={said.confirmHelp}
          description={
            <Checkbox checked={confirm} onChange={(event) => setConfirm(event.target.checked)}>
              {said.confirm}
            </Checkbox>
          }
        />
      )}
      {stale && !busy && <Alert type="warning" showIcon title={said.stale} />}
      <Button type="primary" disabled={busy || stale || nothing || (many && !confirm)} onClick={() => onWrite(reason, confirm)}>
        {nothing ? said.nothingToWrite : said.write}
      </Button>
    </section>
  );
}
