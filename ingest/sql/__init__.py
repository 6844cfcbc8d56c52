"""Reading SQL: DDL into tables, jobs into lineage.

dialect, names        engines; names compared in lower case
script                a file into statements with their lines
tokens, definition, alter, tables, ddl, schema, migration
                      DDL from tokens into tables, applied in order
parse                 one statement into sqlglot's tree, bounded
relation, scope, expression, query
                      what a query yields, column by column, with origins
flow, target, insert, update, verbs
                      what a statement moves into a table
job, views            scripts and views: statement after statement
binding, structure, lineage, files
                      from there to datasets, fields and claims of the ledger
"""
