"""The console: pages in a browser to recommend, to ask why, and to change what is asked."""
