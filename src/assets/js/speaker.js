// Comfort of the pages for speaker.
