"""The graph over HTTP: SPARQL 1.1 Protocol, the library's questions, the viewer, for strangers too."""
