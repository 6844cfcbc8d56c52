// Changing a resource, or making a new one, by a form made of the ontology.
import { useEffect } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { FormModelDocument, InputOfDocument, PresentDocument, type PresentQuery } from "../../api/generated";
import { useModel } from "../../api/model";
import { askAhead, useAsk } from "../../api/use";
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

export const ahead = () => void askAhead(FormModelDocument, {});

export default function Edit() {
  const said = useEditWords();
  const [told] = useSearchParams();
  const { state, key } = useLocation();
  const [id, type] = [told.get("id"), told.get("type")];
  useEffect(() => {
    document.title = id ? said.title : said.createTitle;
  }, [id, said]);
  if (!id && !type) return <Choose />;
  // The form that made a resource goes on as that resource's.
  const name = (state as { form?: string } | null)?.form ?? id ?? `${type} ${key}`;
  return <Form key={name} name={name} id={id ?? undefined} type={type ?? undefined} />;
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

/** A resource as it is now, or a new one, in the same form: so the form of a new one stays as
 * it is when the resource is there, with what was typed meanwhile. */
function Form({ id, type: wanted, name }: { id?: string; type?: string; name: string }) {
  const navigate = useNavigate();
  // Always read anew: an edit begins with what is there now.
  const present = useAsk(PresentDocument, { id: id ?? "" }, { enabled: id !== undefined, staleTime: 0 });
  const again = () => void present.refetch();
  const type = present.data?.resource?.type ?? wanted;
  const model = useAsk(FormModelDocument, {}, { staleTime: Number.POSITIVE_INFINITY });
  const inputs = useAsk(InputOfDocument, { name: `${type}Input` }, { enabled: type !== undefined, staleTime: Number.POSITIVE_INFINITY });
  const made = async (id: string) => {
    await askAhead(PresentDocument, { id });
    await navigate(`/edit?${new URLSearchParams({ id })}`, { replace: true, state: { form: name } });
  };
  if (id !== undefined && present.data?.resource === null) return <Missing id={id} />;
  return (
    <Answer asked={{ ...present, data: id === undefined ? null : present.data }} rows={10}>
      {(told) => (
        <Answer asked={model} rows={10}>
          {(known) => (
            <Answer asked={inputs} rows={10}>
              {(taken) => {
                const kind = known.ontology.classes.find((one) => one.name === type);
                const fields = fieldsOf(known.ontology, type ?? "", taken.__type?.inputFields ?? []).filter((one) => !told || one.datatype !== "whole");
                const { resource } = told ?? {};
                return (
                  <div className="ed">
                    <Head type={type ?? ""} resource={resource ?? undefined} />
                    {id !== undefined && resource?.retired ? (
                      <Retired id={id} version={resource.version} onDone={again} />
                    ) : (
                      <Editor
                        id={id}
                        type={type ?? ""}
                        version={resource?.version}
                        mutation={(told ? kind?.changeField : kind?.createField) ?? ""}
                        fields={fields}
                        base={told ? valuesOf(fields, told.compare) : NOTHING}
                        onMade={made}
                        onSaved={again}
                      />
                    )}
                    {told && <History commits={told.compare.commits} onUndone={again} />}
                    {id !== undefined && resource && !resource.retired && <Retire id={id} version={resource.version} onDone={again} />}
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

const NOTHING = {};

function Head({ type, resource }: { type: string; resource?: NonNullable<PresentQuery["resource"]> }) {
  const said = useEditWords();
  const model = useModel();
  const chosen = language.use();
  const kind = model.classLabel(type, chosen);
  return (
    <header>
      <h1>{resource ? `${said.title}：${resource.title}` : `${said.createTitle}：${kind}`}</h1>
      {resource && (
        <p className="soft">
          {`${kind} · ${said.version(resource.version)} · `}
          <Link to={resourceAddress(resource.id)}>{said.page}</Link>
        </p>
      )}
    </header>
  );
}
