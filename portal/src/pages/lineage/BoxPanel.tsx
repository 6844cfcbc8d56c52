// A box: where it lies, who answers for it, and the arrows at it, each a button.
import { Button, Space } from "antd";
import { Link } from "react-router";
import { resourceAddress } from "../../parts/address";
import type { Arrow, Box, Picture } from "./picture";
import { useAddress } from "./state";
import { useLineageWords } from "./words";

interface BoxPanelProps {
  box: Box;
  picture: Picture;
  onArrow: (id: string) => void;
}

export function BoxPanel({ box, picture, onArrow }: BoxPanelProps) {
  const said = useLineageWords();
  const [, change] = useAddress();
  const resource = box.kind !== "group" && !box.hidden;
  const id = box.id.replace(/^group:/, "");
  return (
    <div className="ln-panel">
      {box.note && <p className="soft">{box.note}</p>}
      {box.department && <Link to={resourceAddress(box.department.id)}>{box.department.title}</Link>}
      <Space wrap>
        {!box.hidden && <Link to={resourceAddress(id)}>{said.page}</Link>}
        {resource && box.kind === "dataset" && (
          <Button size="small" onClick={() => change({ id, box: undefined, arrow: undefined, unfolded: [] }, true)}>
            {said.focus}
          </Button>
        )}
        {resource && <Link to={`/impact?${new URLSearchParams({ id })}`}>{said.impact}</Link>}
      </Space>
      <Ends title={said.from} arrows={picture.arrows.filter((a) => a.to === box.id)} end="from" picture={picture} onArrow={onArrow} />
      <Ends title={said.to} arrows={picture.arrows.filter((a) => a.from === box.id)} end="to" picture={picture} onArrow={onArrow} />
    </div>
  );
}

function Ends({ title, arrows, end, picture, onArrow }: {
  title: string;
  arrows: Arrow[];
  end: "from" | "to";
  picture: Picture;
  onArrow: (id: string) => void;
}) {
  const said = useLineageWords();
  if (!arrows.length) return null;
  const titles = new Map(picture.boxes.map((box) => [box.id, box.title]));
  return (
    <section>
      <h3>{`${title} ${arrows.length}`}</h3>
      <ul>
        {arrows.slice(0, 200).map((arrow) => (
          <li key={arrow.id}>
            <Button type="link" size="small" onClick={() => onArrow(arrow.id)}>
              {titles.get(arrow[end]) || said.hiddenBox}
            </Button>
            <span className="soft">{arrow.purpose ? "" : said[arrow.certainty]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
