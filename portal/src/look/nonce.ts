// The policy lets in only styles that carry this answer's nonce. Ant Design writes style
// elements as components appear, some of them (scroll locks) without asking for a nonce;
// so every style element made here gets it. Imported before anything that makes one.
const nonce = document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? "";
const create = document.createElement.bind(document) as typeof document.createElement;

document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = create(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
}) as typeof document.createElement;
