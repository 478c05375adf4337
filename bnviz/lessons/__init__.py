"""Plain data and computed sentences: presets and captions. No torch, no chart, no page."""
