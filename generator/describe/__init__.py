"""Put descriptions in our own words on an API: the document itself is pinned without its prose."""
