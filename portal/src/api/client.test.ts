import { afterEach, expect, it, vi } from "vitest";
import { ask, missing, Refused } from "./client";
import type { TypedDocumentString } from "./generated";

const QUESTION = "{ search { hits { resource { id } } } }" as unknown as TypedDocumentString<unknown, object>;

function answering(answer: object) {
  const body = JSON.stringify(answer);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { headers: { "Content-Type": "application/json" } })));
  return ask(QUESTION, {});
}

afterEach(() => {
  vi.unstubAllGlobals();
  missing.set([]);
});

const DOWN = { message: "账本不可用", extensions: { code: "UNAVAILABLE", part: "record" } };

it("shows what search found while the record is down, and knows that it is", async () => {
  const data = { search: { hits: [{ resource: null }] } };
  const errors = [{ ...DOWN, path: ["search", "hits", 0, "resource"] }];
  expect(await answering({ data, errors, extensions: { missing: ["record"] } })).toEqual(data);
  expect(missing.get()).toEqual(["record"]);
  const damaged = [{ ...errors[0], extensions: { code: "DAMAGED", part: "record" } }];
  expect(await answering({ data, errors: damaged, extensions: { missing: ["record"] } })).toEqual(data);
});

it("refuses an answer whose root is gone, or that failed for another reason", async () => {
  const gone = answering({ data: { search: null }, errors: [{ ...DOWN, path: ["search"] }], extensions: { missing: ["search"] } });
  await expect(gone).rejects.toThrow(Refused);
  const wrong = answering({ data: { search: { hits: [] } }, errors: [{ message: "?", path: ["search"], extensions: { code: "INVALID_INPUT" } }] });
  await expect(wrong).rejects.toThrow(Refused);
});
