// More of a graph, as a server gives it, put together with what is here.

import { type Finding, type Layer, type View, whole } from "./data";

/** One view out of two: what the second has beside the first, under the first's numbers. */
export function merged(one: View, other: View): View {
  const at = new Map(one.companies.map((company, index) => [company.id, index]));
  const companies = [...one.companies];
  for (const company of other.companies) {
    const known = at.get(company.id);
    const before = known === undefined ? undefined : companies[known];
    if (known !== undefined && before) {
      companies[known] = { ...company, ...before, more: Math.min(before.more, company.more) };
      continue;
    }
    at.set(company.id, companies.length);
    companies.push(company);
  }
  const known = new Set(one.lines.map((line) => line.id));
  const index = (old: number): number => at.get(other.companies[old]?.id ?? "") ?? 0;
  const [documents, paragraphs] = [one.documents.length, one.paragraphs.length];
  const lines = other.lines.filter((line) => !known.has(line.id)).map((line) => ({
    ...line, subject: index(line.subject), object: line.object === null ? null : index(line.object),
    claims: line.claims.map((claim) => ({ ...claim, document: claim.document + documents, paragraph: claim.paragraph < 0 ? -1 : claim.paragraph + paragraphs })),
  }));
  return whole({
    ...one, companies, lines: [...one.lines, ...lines], documents: [...one.documents, ...other.documents],
    paragraphs: [...one.paragraphs, ...other.paragraphs], sectors: { ...other.sectors, ...one.sectors }, layers: together(one, other),
  });
}

/** The layers of two views: what the second found beside the first comes after it, so that places stay. */
function together(one: View, other: View): readonly Layer[] {
  const key = (finding: Finding): string => JSON.stringify([finding.title, finding.lines]);
  const joined = new Map((one.layers ?? []).map((layer) => [layer.name, layer]));
  for (const layer of other.layers ?? []) {
    const before = joined.get(layer.name);
    const known = new Set(before?.findings.map(key));
    const fresh = layer.findings.filter((finding) => !known.has(key(finding)));
    joined.set(layer.name, before ? { ...before, findings: [...before.findings, ...fresh] } : layer);
  }
  return [...joined.values()];
}
