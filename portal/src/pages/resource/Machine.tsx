// The same resource for programs: its id, and a question that GraphiQL runs as it stands.
import { useState } from "react";
import { useModel } from "../../api/model";
import { FileLink } from "../../parts/FileLink";
import { useCommon } from "../../words/common";
import type { Resource } from "./ResourcePage";
import { useResourceWords } from "./words";

export function Machine({ resource }: { resource: Resource }) {
  const said = useResourceWords();
  const model = useModel();
  const told = new Set(resource.attributes.map(({ name }) => name));
  const fields = (model.classes.get(resource.type)?.attributes ?? []).filter(({ name }) => told.has(name)).map(({ field }) => field);
  const query = `{ resource(id: ${JSON.stringify(resource.id)}) {
    id type title version
    ... on ${resource.type} { ${[...new Set(fields)].join(" ")} }
} }`;
  const linked = `/jsonld?${new URLSearchParams({ id: resource.id })}`;
  const plain = model.classes.get(resource.type)?.descendants.length === 1;
  return (
    <>
      <p className="soft small">{said.machineText}</p>
      <dl className="machine">
        <div>
          <dt>{said.id}</dt>
          <dd>
            <code>{resource.id}</code> <Copy text={resource.id} />
          </dd>
        </div>
        <div>
          <dt>{said.query}</dt>
          <dd>
            <pre className="code" tabIndex={0}>{query}</pre>
            <Copy text={query} /> <a href="/graphiql">GraphiQL</a>
          </dd>
        </div>
        <div>
          <dt>JSON-LD</dt>
          <dd>
            <FileLink path={linked}>{linked}</FileLink> <Copy text={new URL(linked, window.location.href).href} />
          </dd>
        </div>
        {plain && (
          <div>
            <dt>JSON Lines</dt>
            <dd>
              <FileLink path={`/export?${new URLSearchParams({ type: resource.type })}`}>/export?type={resource.type}</FileLink>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

function Copy({ text }: { text: string }) {
  const said = useCommon();
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      className="plain-button small"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      {done ? said.copied : said.copy}
    </button>
  );
}
