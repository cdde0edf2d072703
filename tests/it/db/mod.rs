mod lanes;
mod migrations;
mod slow;
