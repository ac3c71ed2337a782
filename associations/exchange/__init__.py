"""The register as a file: out to and in from Excel, OpenDocument and csv. The columns are the same both ways."""
