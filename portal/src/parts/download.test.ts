import { expect, it } from "vitest";
import { nameOf } from "./download";

it("calls a file as the server does, or by the end of its address", () => {
  expect(nameOf('attachment; filename="impact.xlsx"', "/report/impact.xlsx?id=a")).toBe("impact.xlsx");
  expect(nameOf(null, "/template/Department.xlsx")).toBe("Department.xlsx");
  expect(nameOf(null, "/jsonld?id=org:a")).toBe("jsonld");
});
