"""Files that are not plain text, opened: workbooks and Parquet in their own processes, sealed ones with age.

The same readers serve ``guildhall check`` at the firm and the intake. All end in rows of text; what the text
must be is for the contracts to say.
"""
