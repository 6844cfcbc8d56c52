// Changing a resource, or making a new one, by a form made of the ontology.
import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";
import { FormModelDocument, InputOfDocument, PresentDocument } from "../../api/generated";
import { useModel } from "../../api/model";
import { useAsk } from "../../api/use";
import { resourceAddress } from "../../parts/address";
import { ClassPick } from "../../parts/ClassPick";
import { ResourcePick } from "../../parts/ResourcePick";
import { Answer } from "../../parts/states";
import { language } from "../../words/language";
import { Editor } from "./Editor";
import "./edit.css";
import { fieldsOf, valuesOf } from "./form";
import { History } from "./History";
import { Retire, Retired } from "./Retire";
import { useEditWords } from "./words";

export default function Edit() {
  const said = useEditWords();
  const [told] = useSearchParams();
  const [id, type] = [told.get("id"), told.get("type")];
  useEffect(() => {
    document.title = id ? said.title : said.createTitle;
  }, [id, said]);
  if (id) return <Change key={id} id={id} />;
  if (type) return <Create key={type} type={type} />;
  return <Choose />;
}

function Choose() {
  const said = useEditWords();
  const [, set] = useSearchParams();
  return (
    <div className="ed">
      <header>
        <h1>{said.choose}</h1>
        <p className="soft">{said.lead}</p>
      </header>
      <div className="ed-choose">
        <section className="paper">
          <h2>{said.pick}</h2>
          <ResourcePick value={[]} label={said.pick} hint={said.pickHint} onChange={([id]) => id && set({ id })} autoFocus />
          <p className="soft">{said.pickText}</p>
        </section>
        <section className="paper">
          <h2>{said.create}</h2>
          <ClassPick label={said.create} hint={said.createHint} onChange={(type) => type && set({ type })} />
          <p className="soft">
            {said.createText} <Link to="/import">{said.importInstead}</Link>
          </p>
        </section>
      </div>
    </div>
  );
}

function useForm(type: string | undefined) {
  const model = useAsk(FormModelDocument, {}, { staleTime: Number.POSITIVE_INFINITY });
  const inputs = useAsk(InputOfDocument, { name: `${type}Input` }, { enabled: type !== undefined, staleTime: Number.POSITIVE_INFINITY });
  return { model, inputs };
}

function Create({ type }: { type: string }) {
  const said = useEditWords();
  const model = useModel();
  const chosen = language.use();
  const form = useForm(type);
  return (
    <div className="ed">
      <header>
        <h1>{`${said.createTitle}：${model.classLabel(type, chosen)}`}</h1>
      </header>
      <Answer asked={form.model}>
        {(known) => (
          <Answer asked={form.inputs}>
            {(inputs) => (
              <Editor
                type={type}
                mutation={known.ontology.classes.find((one) => one.name === type)?.createField ?? ""}
                fields={fieldsOf(known.ontology, type, inputs.__type?.inputFields ?? [])}
                base={{}}
              />
            )}
          </Answer>
        )}
      </Answer>
    </div>
  );
}

function Missing({ id }: { id: string }) {
  const said = useEditWords();
  return (
    <section className="paper">
      <h1>{said.missing}</h1>
      <p className="soft">
        {said.missingText} <code>{id}</code>
      </p>
    </section>
  );
}

function Change({ id }: { id: string }) {
  const said = useEditWords();
  const model = useModel();
  const chosen = language.use();
  // Always read anew: an edit begins with what is there now.
  const present = useAsk(PresentDocument, { id }, { staleTime: 0 });
  const again = () => void present.refetch();
  const type = present.data?.resource?.type;
  const form = useForm(type);
  return (
    <Answer asked={present} rows={10}>
      {({ resource, compare }) =>
        resource === null ? <Missing id={id} /> : (
        <Answer asked={form.model} rows={10}>
          {(known) => (
            <Answer asked={form.inputs} rows={10}>
              {(inputs) => {
                const fields = fieldsOf(known.ontology, type ?? "", inputs.__type?.inputFields ?? []).filter((one) => one.datatype !== "whole");
                return (
                  <div className="ed">
                    <header>
                      <h1>{`${said.title}：${resource?.title ?? id}`}</h1>
                      <p className="soft">
                        {`${model.classLabel(type ?? "", chosen)} · ${said.version(resource?.version ?? 0)} · `}
                        <Link to={resourceAddress(id)}>{said.page}</Link>
                      </p>
                    </header>
                    {resource?.retired ? (
                      <Retired id={id} version={resource.version} onDone={again} />
                    ) : (
                      <Editor
                        id={id}
                        type={type ?? ""}
                        version={resource?.version}
                        mutation={known.ontology.classes.find((one) => one.name === type)?.changeField ?? ""}
                        fields={fields}
                        base={valuesOf(fields, compare)}
                        onSaved={again}
                      />
                    )}
                    <History commits={compare.commits} onUndone={again} />
                    {resource && !resource.retired && <Retire id={id} version={resource.version} onDone={again} />}
                  </div>
                );
              }}
            </Answer>
          )}
        </Answer>
      )}
    </Answer>
  );
}
