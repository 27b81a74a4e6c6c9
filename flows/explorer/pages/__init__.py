"""One module a family of pages: what its address may say, the tables it shows, how it is drawn."""
