// Comfort of the pages for public.
