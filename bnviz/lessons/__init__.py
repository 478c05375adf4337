"""Plain data and computed sentences. No torch, no chart, no page.

    lesson      what a lesson is: scenes, trials with predictions and checks, quiz questions
    told        the lessons, one file each;  catalog puts them in order
    judging     the one rule by which runs are compared;  verdict what a page says of a trial's run
    reading     how a check reads a history;  matching where two arms are compared at equal loss
    learning    the checks of who learns, which several lessons ask
    arithmetic  what needs no training: batch normalization on a handful of numbers, Student's t
    sources     the bibliography
    presets     named experiments;  grids the maps and sweeps with a name;  caption the sentence above the charts
"""
