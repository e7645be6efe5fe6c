"""The record as FHIR R4 resources: reads in, dictionaries out (docs/fhir.md)."""
