"""Pure geometry, time and text: no input or output, no command line, no map library."""
