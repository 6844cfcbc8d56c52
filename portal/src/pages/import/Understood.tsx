// How each sheet's columns were understood, to be corrected.
import { Alert, Button, Collapse, Select, Table, Tag } from "antd";
import { type Model, useModel } from "../../api/model";
import { ClassPick } from "../../parts/ClassPick";
import { type Language, language } from "../../words/language";
import { type Correction, type Sheet, sheetKey } from "./run";
import { useImportWords } from "./words";

interface UnderstoodProps {
  sheets: readonly Sheet[];
  corrections: ReadonlyMap<string, Correction>;
  busy: boolean;
  onChange: (corrections: ReadonlyMap<string, Correction>) => void;
  onCheck: () => void;
}

export function Understood({ sheets, corrections, busy, onChange, onCheck }: UnderstoodProps) {
  const said = useImportWords();
  const model = useModel();
  const chosen = language.use();
  if (!sheets.length) return null;
  const unknown = sheets.filter((sheet) => !sheet.type);
  return (
    <section className="paper ip-section">
      <h2>{said.understood}</h2>
      <p className="soft">{said.understoodHelp}</p>
      <Collapse
        ghost
        defaultActiveKey={(unknown.length ? unknown : sheets.slice(0, 1)).map(sheetKey)}
        items={sheets.map((sheet) => ({
          key: sheetKey(sheet),
          label: (
            <span className="ip-sheet">
              <strong>{[sheet.file, sheet.sheet].filter(Boolean).join(" · ")}</strong>
              <Tag color={sheet.type ? "blue" : "orange"}>{sheet.type ? model.classLabel(sheet.type, chosen) : said.notRecognised}</Tag>
              <span className="soft number">{`${Object.values(sheet.columns).filter(Boolean).length}/${Object.keys(sheet.columns).length}`}</span>
            </span>
          ),
          children: (
            <OneSheet
              sheet={sheet}
              correction={corrections.get(sheetKey(sheet)) ?? { columns: {} }}
              onChange={(correction) => onChange(new Map(corrections).set(sheetKey(sheet), correction))}
            />
          ),
        }))}
      />
      <Button disabled={corrections.size === 0} loading={busy} onClick={onCheck}>
        {said.recheck}
      </Button>
    </section>
  );
}

function OneSheet({ sheet, correction, onChange }: { sheet: Sheet; correction: Correction; onChange: (correction: Correction) => void }) {
  const said = useImportWords();
  const model = useModel();
  const chosen = language.use();
  const type = correction.type ?? sheet.type;
  const meanings = meaningsOf(model, type, chosen);
  return (
    <div className="ip-section">
      {!sheet.type && <Alert type="warning" showIcon title={said.notRecognised} />}
      <label className="ip-term">
        <span>{said.type}</span>
        <ClassPick
          label={`${said.type} ${sheet.sheet}`}
          hint={said.template}
          value={type || undefined}
          onChange={(name) => onChange({ ...correction, type: name })}
        />
      </label>
      <Table<[string, string]>
        size="small"
        rowKey={([header]) => header}
        dataSource={Object.entries(sheet.columns)}
        pagination={false}
        scroll={{ x: 560 }}
        columns={[
          { title: said.header, render: (_, [header]) => header, width: "26%" },
          { title: said.sample, render: (_, [header]) => <span className="soft ip-samples">{(sheet.samples[header] ?? []).join("；")}</span> },
          {
            title: said.meaning,
            width: 260,
            render: (_, [header, name]) => {
              const now = correction.columns[header] ?? name;
              const known = meanings.some((one) => one.value === now);
              return (
                <Select
                  className="ip-meaning"
                  aria-label={`${said.meaning} ${header}`}
                  showSearch={{ optionFilterProp: "label" }}
                  value={now}
                  disabled={!type}
                  status={now ? undefined : "warning"}
                  onChange={(meant) => onChange({ ...correction, columns: { ...correction.columns, [header]: meant } })}
                  options={[{ value: "", label: said.notRead }, ...(known || !now ? [] : [{ value: now, label: toldOf(model, now, chosen) }]), ...meanings]}
                />
              );
            },
          },
        ]}
      />
    </div>
  );
}

/** All that a column of the class may mean: its attributes, then its links. */
function meaningsOf(model: Model, type: string, chosen: Language) {
  const kind = model.classes.get(type);
  if (!kind) return [];
  return [
    ...[...kind.attributes].sort((a, b) => a.order - b.order).map((one) => ({ value: one.name, label: model.label(one.name, chosen) })),
    ...kind.links.map((name) => ({ value: name, label: `→ ${model.linkLabel(name, "FORWARD", chosen)}` })),
    ...kind.inverseLinks.map((name) => ({ value: `^${name}`, label: `← ${model.linkLabel(name, "BACKWARD", chosen)}` })),
  ];
}

/** What the server understood where it is more than one plain name: "whole.title + keyword". */
function toldOf(model: Model, told: string, chosen: Language): string {
  return told
    .split(" + ")
    .map((name) => {
      const bare = name.replace(/^whole\./, "");
      return bare.startsWith("^") ? `← ${model.linkLabel(bare.slice(1), "BACKWARD", chosen)}` : model.label(bare, chosen);
    })
    .join(" + ");
}
