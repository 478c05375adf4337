"""Start: what batch normalization does, in three minutes and five pictures."""

from bnviz.ui import frame, start

frame.open_page("Batch normalization in three minutes")
start.show()
frame.close_page("Every picture is a real network: recorded where it says so, else trained here while you look.")
