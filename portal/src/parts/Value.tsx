// A value of an attribute, shown by its datatype. Nothing here knows an attribute by name.
import { Fragment } from "react";
import type { AttributeOf } from "../api/model";
import { useModel } from "../api/model";
import { useCommon } from "../words/common";
import { language } from "../words/language";
import { openable } from "./address";
import { Badge, toneOf } from "./Badge";
import { number } from "./numbers";
import { isSql } from "./sql";
import { Time } from "./Time";

export type Told = string | number | boolean | readonly (string | number | boolean)[];

export function Value({ attribute, value }: { attribute: AttributeOf | undefined; value: Told }) {
  if (!Array.isArray(value)) return <One attribute={attribute} value={value as string | number | boolean} />;
  const plain = attribute?.datatype !== "code" && attribute?.datatype !== "anyURI";
  return (
    <span className={plain ? undefined : "values"}>
      {value.map((one, index) => (
        <Fragment key={String(one)}>
          {index > 0 && plain && "、"}
          <One attribute={attribute} value={one} />
        </Fragment>
      ))}
    </span>
  );
}

function One({ attribute, value }: { attribute: AttributeOf | undefined; value: string | number | boolean }) {
  const said = useCommon();
  const model = useModel();
  const chosen = language.use();
  if (typeof value === "boolean") return value ? said.yes : said.no;
  if (typeof value === "number") return <span className="number">{number(value)}</span>;
  switch (attribute?.datatype) {
    case "code":
      return <Badge tone={toneOf(value)}>{model.code(attribute.codeList, value, chosen)}</Badge>;
    case "date":
    case "dateTime":
      return <Time at={value} />;
    case "anyURI": {
      const address = openable(value);
      return address ? (
        <a href={address} target="_blank" rel="noreferrer noopener">
          {value}
        </a>
      ) : (
        value
      );
    }
    case "text":
      return isSql(value) ? <pre className="code" tabIndex={0}>{value}</pre> : <span className="long-text">{value}</span>;
    default:
      return value;
  }
}

