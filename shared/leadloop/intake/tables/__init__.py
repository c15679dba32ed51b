"""Files of rows: CSV and its kin, workbooks and JSON become labelled columns and rows of text."""
