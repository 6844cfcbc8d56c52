// A link to a file of this server. With sign-in a plain link would be refused: the token is
// not in the address.
import { type MouseEvent, type ReactNode, useState } from "react";
import { token } from "../api/client";
import { fetchFile } from "./download";

export function FileLink({ path, children }: { path: string; children: ReactNode }) {
  const [refused, setRefused] = useState("");
  const fetched = (event: MouseEvent) => {
    if (!token.get()) return;
    event.preventDefault();
    setRefused("");
    fetchFile(path).catch((error: Error) => setRefused(error.message));
  };
  return (
    <>
      <a href={path} onClick={fetched}>
        {children}
      </a>
      {refused && <span role="alert"> {refused}</span>}
    </>
  );
}
