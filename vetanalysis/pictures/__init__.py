"""Which figures reports and notebooks show: of targets, indicators, returns; `vetanalysis.figures` draws them."""
