"""The record in a Neo4j database: labels and relationships of the ontology, one head to lock."""
