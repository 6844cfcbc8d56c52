/** Whether a text is SQL, behind its comments: it keeps its lines and a face of even width, and
 * tells nobody what a thing is. */
export const isSql = (text: string): boolean =>
  /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:select|with|create|insert|merge|update|delete|truncate|replace)\b/i.test(text);
