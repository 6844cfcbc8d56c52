// SQL with its keywords, texts and numbers set apart. Text stays text.
const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|\b(\d+(?:\.\d+)?)\b|\b(select|from|where|and|or|not|in|is|null|case|when|then|else|end|join|left|right|inner|outer|full|cross|on|group|by|order|having|union|all|distinct|as|insert|into|update|set|delete|with|over|partition|between|like|exists|cast|limit|values|create|table|view|if|asc|desc)\b|\b([a-z_]\w*)(?=\s*\()/gi;

export function Sql({ text }: { text: string }) {
  const parts: { kind: string; text: string }[] = [];
  let last = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > last) parts.push({ kind: "", text: text.slice(last, found.index) });
    const kind = ["note", "text", "number", "word", "call"][found.slice(1).findIndex((one) => one !== undefined)] ?? "";
    parts.push({ kind, text: found[0] });
    last = found.index + found[0].length;
  }
  parts.push({ kind: "", text: text.slice(last) });
  return (
    <pre className="sql" tabIndex={0}>
      <code>
        {parts.map((part, i) =>
          part.kind ? (
            <span key={i} className={`sql-${part.kind}`}>
              {part.text}
            </span>
          ) : (
            part.text
          ),
        )}
      </code>
    </pre>
  );
}
