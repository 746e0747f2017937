"""The documentation site: written pages of docs/, and pages that are made from the code."""
