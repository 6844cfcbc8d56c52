import type { ReactNode } from "react";

interface FigureProps {
  title: string;
  text?: string;
  size?: "half" | "third" | "wide";
  id?: string;
  children: ReactNode;
}

export function Figure({ title, text, size = "half", id, children }: FigureProps) {
  return (
    <section className={`paper figure ${size}`} id={id}>
      <h2>{title}</h2>
      {text && <p className="soft small">{text}</p>}
      {children}
    </section>
  );
}
