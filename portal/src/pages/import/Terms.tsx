// What the file alone does not tell.
import { Button, Input, Select } from "antd";
import { ClassPick } from "../../parts/ClassPick";
import type { Kind, Terms as TermsOf } from "./run";
import { useImportWords } from "./words";

const KINDS: readonly Kind[] = ["excel", "catalogue", "ddl", "sql", "jsonl"];
const DIALECTS = ["mysql", "postgres", "oracle", "dameng", "kingbase", "tsql", "sqlite", "hive"];

interface TermsProps {
  terms: TermsOf;
  onChange: (terms: TermsOf) => void;
  busy: boolean;
  checked: boolean;
  onCheck: (terms: TermsOf) => void;
}

export function Terms({ terms, onChange, busy, checked, onCheck }: TermsProps) {
  const said = useImportWords();
  const set = (part: Partial<TermsOf>) => onChange({ ...terms, ...part });
  const database = terms.kind === "ddl" || terms.kind === "sql";
  const list = terms.kind === "excel" || terms.kind === "catalogue";
  const text = (name: "as" | "region" | "node" | "namespace" | "database", label: string, hint?: string) => (
    <label className="ip-term">
      <span>{label}</span>
      <Input value={terms[name] ?? ""} placeholder={hint} onChange={(event) => set({ [name]: event.target.value })} />
    </label>
  );
  return (
    <form
      className="paper ip-terms"
      onSubmit={(event) => {
        event.preventDefault();
        onCheck(terms);
      }}
    >
      <label className="ip-term">
        <span>{said.kind}</span>
        <Select aria-label={said.kind} value={terms.kind} onChange={(kind) => set({ kind })} options={KINDS.map((kind) => ({ value: kind, label: said[kind] }))} />
      </label>
      {list && (
        <label className="ip-term">
          <span>{said.type}</span>
          <ClassPick label={said.type} hint={said.auto} allowClear value={terms.type} onChange={(type) => set({ type })} />
        </label>
      )}
      {text("as", said.source, said.auto)}
      {list && text("region", said.region, "990100")}
      {list && text("node", said.node, "990100")}
      {database && text("namespace", said.namespace, said.namespaceHint)}
      {database && text("database", said.database)}
      {database && (
        <label className="ip-term">
          <span>{said.dialect}</span>
          <Select aria-label={said.dialect} allowClear placeholder={said.auto} value={terms.dialect} onChange={(dialect) => set({ dialect })} options={DIALECTS.map((value) => ({ value, label: value }))} />
        </label>
      )}
      <Button htmlType="submit" type={checked ? "default" : "primary"} loading={busy}>
        {said.check}
      </Button>
      <p className="soft ip-help">{said.sourceHelp}</p>
    </form>
  );
}
