"""Words of complaints, found by keyed tokens: what is kept, how it gets its tokens, the search."""
