"""Tables of any charset, dialect or workbook format, opened as rows of cells."""
