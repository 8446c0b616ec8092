"""What readers may do: one file a scene, each a few handlers and the pages they draw."""
