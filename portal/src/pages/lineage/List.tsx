// The same links as a table: for the keyboard, for narrow windows, for who prefers to read.
import { Button, Table } from "antd";
import type { Arrow, Picture } from "./picture";
import { useLineageWords } from "./words";

export function List({ picture, onArrow }: { picture: Picture; onArrow: (id: string) => void }) {
  const said = useLineageWords();
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const name = (id: string, row?: string) => {
    const box = boxes.get(id);
    const found = box?.rows.find((one) => one.id === row);
    return [box?.hidden ? said.hiddenBox : box?.title, found?.title || found?.name].filter(Boolean).join(" · ");
  };
  return (
    <Table<Arrow>
      size="small"
      aria-label={said.table}
      dataSource={picture.arrows}
      rowKey="id"
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        { title: said.from, render: (_, arrow) => name(arrow.from, arrow.fromRow) },
        { title: said.to, render: (_, arrow) => name(arrow.to, arrow.toRow) },
        {
          title: said.certainty,
          width: 110,
          render: (_, arrow) => (arrow.purpose ? said.lane : said[arrow.certainty]) + (arrow.change ? ` · ${said[arrow.change]}` : ""),
        },
        {
          title: said.rule,
          width: 90,
          render: (_, arrow) => (
            <Button size="small" type="link" onClick={() => onArrow(arrow.id)} aria-label={`${said.rule}: ${name(arrow.from)} → ${name(arrow.to)}`}>
              {said.rule}
            </Button>
          ),
        },
      ]}
    />
  );
}
