// Comfort of the pages for organize.
