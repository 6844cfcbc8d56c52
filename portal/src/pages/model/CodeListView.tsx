import { useModel } from "../../api/model";
import { inLanguage, language } from "../../words/language";
import type { Whole } from "./ModelPage";
import { useModelWords } from "./words";

export function CodeListView({ name, whole }: { name: string; whole: Whole }) {
  const said = useModelWords();
  const model = useModel();
  const chosen = language.use();
  const list = model.codeLists.get(name);
  const told = whole.codeLists.find((found) => found.name === name);
  if (!list || !told) return null;
  const synonyms = new Map(told.codes.map((code) => [code.notation, code.synonyms]));
  return (
    <section className="paper">
      <h2>
        {inLanguage(list.label, chosen)} <code>{name}</code>
      </h2>
      <p className="soft small">
        {told.clause && `${said.clause} ${told.clause} `}
        {told.open && said.open}
      </p>
      <table className="model-table">
        <thead>
          <tr>
            <th>{said.code}</th>
            <th lang="en">English</th>
            <th>{said.synonyms}</th>
          </tr>
        </thead>
        <tbody>
          {list.codes.map(({ notation, label }) => (
            <tr key={notation}>
              <td>{notation}</td>
              <td lang="en">{label.en}</td>
              <td className="soft">{synonyms.get(notation)?.join("、")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
