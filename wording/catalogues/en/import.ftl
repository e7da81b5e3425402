### What `leadsla import` prints.

## Before a table is read

import-read-as = { $file }: { $as }
import-ask-dates = { $columns }: do the dates have the day first, as { $day_first }, or the month, as { $month_first }?{ $only ->
    [none] {""}
   *[other] {" "}Row { $only } can only be { $fits }.
 } Say which: --dates, or dates in the mapping
import-ask-both = column “{ $column }”: in row { $day } the day has to come first, in row { $month } the month; dates of both sorts in one column cannot be read
import-ask-zone = column “{ $column }”: { $example } has no offset; say in which zone it was: --zone Europe/Berlin, or zone in the mapping
import-guessed = guessed from the names of the columns: look whether it is right, save it and edit it, and give it as --mapping
import-how-on = this mapping is a guess; with --out FILE it is used, with --preview its first events are shown, saved and edited it is given as --mapping

## Rows that are refused

import-row = row { $row }: { $why }
import-cell = row { $row }, column “{ $column }”: { $why }
import-too-many-cells = it has { $cells } cells, and there are { $columns } columns: is a quote missing?
import-no-event = none of its events happened: all their times are blank, or the mapping has no event for it
import-no-lead = there is no id for { $event }
import-lead-again = { $name } stands in row { $row } already, with something else there
import-id-again = the event { $name } stands in row { $row } already, which says otherwise of it
import-rejected = { $event }: { $detail }
import-no-date = { $value } is no date that can be read by itself; say how dates are written: --dates, or dates in the mapping
import-not-year-first = { $value } may have the day or the month first; say which: --dates, or dates in the mapping
import-not-of-form = { $value } is no date of the form { $forms }
import-of-two-forms = { $value } is another date by each of the forms { $forms }
import-no-time-of-day = { $value } has no time of day; with a form that has none either, as %Y-%m-%d, it is the midnight that begins the day
import-no-such-year = { $value } lies in no year that is counted here
import-no-zone = { $value } has no offset, and no zone is said
import-skipped-hour = { $value } was on no clock of { $zone }: they went forward over it
import-no-number = { $value } is no number
import-comma = { $value } may be two numbers: say in the mapping whether decimal is "," or "."
import-no-duration = { $value } is no duration; write seconds, or hours:minutes:seconds
import-no-yes-or-no = { $value } is neither yes nor no
import-not-among-values = { $value } is not among the values of the mapping

## What became of the table

import-events-of-row = row { $row }
import-previewed = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 }: { $events ->
    [one] { $events } event
   *[other] { $events } events
 }; nothing was written
import-written = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 }: { $events ->
    [one] { $events } event
   *[other] { $events } events
 } in { $out }
import-published = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
 }: { $events ->
    [one] { $events } event
   *[other] { $events } events
 }
import-nothing-written = nothing was written: { $refused ->
    [one] { $refused } row is refused
   *[other] { $refused } rows are refused
 } of { $rows }; put { $refused ->
    [one] it
   *[other] them
 } right, or leave { $refused ->
    [one] it
   *[other] them
 } out with --skip-refused
import-left-out = { $count ->
    [one] { $count } row left out, as the mapping says
   *[other] { $count } rows left out, as the mapping says
 }
import-again = { $count ->
    [one] { $count } row said what an earlier one had said
   *[other] { $count } rows said what earlier ones had said
 }
import-put-back = { $count ->
    [one] { $count } time lay in an hour that the clocks showed twice; the first was taken
   *[other] { $count } times lay in an hour that the clocks showed twice; the first was taken
 }
import-refused = { $count ->
    [one] { $count } row refused
   *[other] { $count } rows refused
 }
