"""A policy as an Excel workbook (工作簿), for people who do not write YAML, and back."""
