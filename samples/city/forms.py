"""The forms that offices hand in, written one by one."""

from __future__ import annotations

from pathlib import Path

from samples.city import data_forms, information_forms
from samples.city.form import FORMS


def write(root: Path) -> None:
    """All forms below `root`."""
    for form in FORMS:
        path = root / form.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if form.style == "objects":
            data_forms.write_objects(path)
        elif form.batch != (0, 0):
            data_forms.write_workbook(form, path)
        elif form.style == "csv":
            information_forms.write_csv(form, path)
        elif form.style == "xls":
            information_forms.write_xls(form, path)
        else:
            information_forms.write_workbook(form, path)
