"""ConvLens: the web application around the engine."""
