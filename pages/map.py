"""The trainability map: two choices as axes, a network a pixel, plain beside BN."""

from bnviz.ui import frame
from bnviz.ui.maps import page as map_page

frame.open_page("Where does a network train at all?")
map_page.introduce()
map_page.show()
map_page.explain()
frame.close_page("Every pixel is a network that was really trained; arms share seed, weights and mini-batches.")
