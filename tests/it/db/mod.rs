mod lanes;
mod migrations;
