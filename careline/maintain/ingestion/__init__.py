"""From a document to sections, claims and gaps; see docs/decisions/ for why nothing here publishes anything."""
