"""The project file, the shipped gazetteer and basemap, and other people's formats."""
