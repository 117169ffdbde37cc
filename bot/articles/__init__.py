"""Articles: from the files of the watched folder to cleaned, dated, split texts."""
