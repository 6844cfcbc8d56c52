// Keeps a reader from losing what was typed: by another page of the portal, back, or closing.
import { Modal } from "antd";
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { useEditWords } from "./words";

export function Unsaved({ dirty }: { dirty: boolean }) {
  const said = useEditWords();
  const leaving = useBlocker(({ currentLocation: here, nextLocation: next }) => dirty && here.pathname + here.search !== next.pathname + next.search);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
  return (
    <Modal
      open={leaving.state === "blocked"}
      title={said.unsaved}
      okText={said.leave}
      okButtonProps={{ danger: true }}
      cancelText={said.stay}
      onOk={() => leaving.proceed?.()}
      onCancel={() => leaving.reset?.()}
    />
  );
}
