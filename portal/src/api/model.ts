// The model of the ledger, as the API tells it: everything a page knows of classes,
// attributes and links comes from here, so an added class needs no line of this portal.
import { createContext, useContext } from "react";
import { inLanguage, type Label, type Language } from "../words/language";
import type { ModelQuery } from "./generated";

type Told = ModelQuery["ontology"];
export type ClassOf = Told["classes"][number];
export type AttributeOf = ClassOf["attributes"][number];
export type LinkOf = Told["links"][number];
export type CodeListOf = Told["codeLists"][number];
export type Way = "FORWARD" | "BACKWARD";

/** Facets that are not attributes or links, and other names that are no part of the model. */
const OWN: Record<string, Label> = {
  type: { zh: "类型", en: "class" },
  title: { zh: "名称", en: "name" },
  id: { zh: "标识", en: "id" },
};

export class Model {
  readonly classes: ReadonlyMap<string, ClassOf>;
  readonly links: ReadonlyMap<string, LinkOf>;
  readonly inverses: ReadonlyMap<string, LinkOf>;
  readonly codeLists: ReadonlyMap<string, CodeListOf>;
  readonly facets: readonly string[];
  readonly changeKinds: readonly string[];
  readonly digest: string;
  /** The zone of dates that name none, and of the clock that instants are shown by. */
  readonly zone: string;
  private readonly attributes: ReadonlyMap<string, AttributeOf>;
  private readonly codes: ReadonlyMap<string, ReadonlyMap<string, Label>>;

  constructor(told: Told, zone: string) {
    this.zone = zone;
    this.digest = told.digest;
    this.facets = told.facets;
    this.changeKinds = told.changeKinds;
    this.classes = new Map(told.classes.map((kind) => [kind.name, kind]));
    this.links = new Map(told.links.map((link) => [link.name, link]));
    this.inverses = new Map(told.links.map((link) => [link.inverseName, link]));
    this.attributes = new Map(told.classes.flatMap((kind) => kind.attributes.map((a) => [a.name, a])));
    this.codeLists = new Map(told.codeLists.map((list) => [list.name, list]));
    this.codes = new Map(
      told.codeLists.map((list) => [list.name, new Map(list.codes.map((c) => [c.notation, c.label]))]),
    );
  }

  /** The classes that resources may be of: all, or one and those below it. */
  concrete(above?: string): ClassOf[] {
    const names = above === undefined ? [...this.classes.keys()] : (this.classes.get(above)?.descendants ?? []);
    return names.flatMap((name) => this.classes.get(name) ?? []).filter((kind) => !kind.abstract);
  }

  /** The label of a class; its name where it is unknown. */
  classLabel(name: string, language: Language): string {
    const kind = this.classes.get(name);
    return kind ? inLanguage(kind.label, language) : name;
  }

  /** The label of anything a hit or facet may name: attribute, link, either way round. */
  label(name: string, language: Language): string {
    const label =
      OWN[name] ??
      this.attributes.get(name)?.label ??
      this.links.get(name)?.label ??
      this.inverses.get(name)?.inverseLabel ??
      this.facetLabel(name);
    return label ? inLanguage(label, language) : name;
  }

  /** A link's label as read from this end. */
  linkLabel(name: string, way: Way, language: Language): string {
    const link = this.links.get(name);
    if (!link) return name;
    return inLanguage(way === "FORWARD" ? link.label : link.inverseLabel, language);
  }

  attribute(kind: string, name: string): AttributeOf | undefined {
    return this.classes.get(kind)?.attributes.find((a) => a.name === name) ?? this.attributes.get(name);
  }

  /** A code's own words: its label, or the code itself, which mostly is Chinese. */
  code(list: string | null | undefined, notation: string, language: Language): string {
    return (list && this.codes.get(list)?.get(notation)?.[language]) || notation;
  }

  codeOf(attribute: string, notation: string, language: Language): string {
    return this.code(this.attributes.get(attribute)?.codeList, notation, language);
  }

  /** A facet's value in the reader's words: a class, a code, or a name as it stands. */
  facetValue(facet: string, value: string, language: Language): string {
    return facet === "type" ? this.classLabel(value, language) : this.codeOf(facet, value, language);
  }

  /** Whether a class is one of these or below one. */
  isA(name: string, above: string): boolean {
    return name === above || (this.classes.get(name)?.ancestors.includes(above) ?? false);
  }

  /** Facets over links bear the name of the class at the other end. */
  private facetLabel(name: string): Label | undefined {
    return this.classes.get(name.charAt(0).toUpperCase() + name.slice(1))?.label;
  }
}

export const ModelContext = createContext<Model | null>(null);

/** The model; inside the layout it is always there. */
export function useModel(): Model {
  const model = useContext(ModelContext);
  if (!model) throw new Error("the model is loaded before any page is shown");
  return model;
}
