// RDF terms as people read them, and as SPARQL writes them.
import { data } from "./data";

export const XSD = "http://www.w3.org/2001/XMLSchema#";

const longestFirst = Object.entries(data.prefixes).sort((a, b) => b[1].length - a[1].length);

export function shortened(iri: string): string {
  const found = longestFirst.find(([, namespace]) => iri.startsWith(namespace) && iri.length > namespace.length);
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
}

// https://www.w3.org/TR/sparql11-query/#rIRIREF: what may not stand between < and >.
export function isWritable(iri: string): boolean {
  return !/[\x00-\x20<>"{}|^`\\]/.test(iri);
}

// JSON's escapes are all escapes of SPARQL too.
export function literal(text: string): string {
  return JSON.stringify(text);
}

export function description(iri: string): string {
  return `# ${data.words["description"] ?? ""} ${shortened(iri)}
SELECT ?subject ?property ?value
WHERE {
  { VALUES ?subject { <${iri}> } ?subject ?property ?value }
  UNION
  { VALUES ?value { <${iri}> } ?subject ?property ?value }
}
LIMIT 1000`;
}
