// Choosing a class that resources may be of.
import { Select } from "antd";
import { useModel } from "../api/model";
import { language } from "../words/language";

interface ClassPickProps {
  label: string;
  hint: string;
  value?: string | null;
  onChange: (name: string | undefined) => void;
  allowClear?: boolean;
}

export function ClassPick({ label, hint, ...rest }: ClassPickProps) {
  const model = useModel();
  const chosen = language.use();
  const options = model.concrete().map(({ name }) => ({ value: name, label: model.classLabel(name, chosen) }));
  return <Select aria-label={label} placeholder={hint} showSearch={{ optionFilterProp: "label" }} options={options} {...rest} />;
}
