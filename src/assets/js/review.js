// Comfort of the pages for review.
