"""Answers as files for people and for other programs: tables, pictures, lines of JSON."""
