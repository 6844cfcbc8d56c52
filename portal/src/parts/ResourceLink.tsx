import { Link } from "react-router";
import { useModel } from "../api/model";
import { language } from "../words/language";
import { resourceAddress } from "./address";

/** Another resource, by its name; its class where that is not plain from the place. */
export function ResourceLink({ id, title, type }: { id: string; title: string; type?: string }) {
  const model = useModel();
  const chosen = language.use();
  return (
    <>
      <Link to={resourceAddress(id)}>{title}</Link>
      {type && <small className="soft"> {model.classLabel(type, chosen)}</small>}
    </>
  );
}
