"""What Mujaz costs and how fast it is, measured on the product itself: one file a measure.

``python -m bench`` runs the short ones, ``python -m bench deliver --long`` one by name at full
length. Each prints a table and one JSON line. What is compared runs side by side in one process
tree, in interleaved rounds, so trust the ratios more than the rates.
"""
