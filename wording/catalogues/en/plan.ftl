### What `leadsla plan` prints.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

plan-title = what marketing has to deliver in { $period }: { part-leads }
plan-title-of = { $agreement } { $obligation }, { $period }: { part-leads } to deliver
plan-segment = segment
plan-quota = quota
plan-share = marketing's share
plan-deal = average deal
plan-close-rate = close rate
plan-revenue = revenue goal
plan-customers = customers
plan-leads = { part-subjects }
plan-value = value
plan-together = together
plan-rounded = { $segments ->
    [one] the number of { part-subjects } is rounded up
   *[other] each of { $segments } segments is rounded up by itself, then they are added
 }{ $currency ->
    [none] ; amounts in the currency of the quota (--currency names it)
   *[other] ; amounts in { $currency }
 }
plan-a-day = { $a_day ->
    [none] no day of this period counts: all of it is due at the end
   *[other] { $a_day } a day, spread over { $days } { $spread ->
        [working_days] working days
       *[calendar_days] days
    }
 }
plan-if = if the close rate falls by a tenth: { $less } ({ $less_by }); if it rises by a tenth: { $more } ({ $more_by })
plan-agreed = agreed now, in version { $version }: { $goal }
plan-feasible = { $obligation }: feasible: { part-reps } can serve { part-leads } in { part-tightest }{ $limited ->
    [yes] , as many as each of them may have
   *[no] {""}
 }{ $own ->
    [0] {""}
   *[other] , beside { $own } of their own
 }: { $spare } to spare
plan-could-serve = what gives: { $wanted ->
    [none] a goal of { $served }
   *[other] { $wanted } in place of { $reps } reps, or a goal of { $served }
 }
plan-no-reps = whether the reps can serve so many is not known: give --reps, --attempts and --minutes, or `capacity` in an agreement
plan-assumed = office hours assumed: 8 hours a day, Monday to Friday, no holidays; an agreement (--from) has its own
plan-measured = { $segment ->
    [none] measured
   *[other] { $segment }, measured
 }: { $customers } customers of { part-leads } ({ $rate }), { $deal } each; delivered from { $since } to { $until }, the end left out
plan-not-measured = { $segment ->
    [none] agreed rates stay
   *[other] { $segment }, agreed rates stay
 }: { $why }{ $would ->
    [none] {""}
   *[other] ; by those measured it would be { $would }
 }
plan-nothing-measured = the figures say nothing of this goal yet
plan-remark = { $segment ->
    [none] { $why }
   *[other] { $segment }: { $why }
 }
plan-by-measured-share = { $segment ->
    [none] by marketing's share as it was, { $share }: { part-leads }
   *[other] { $segment }, by marketing's share as it was, { $share }: { part-leads }
 }
plan-line = due by the end of each day
plan-line-of-months = due by the end of each month
plan-week = week of
plan-month = month
plan-due = due by the end of the day

## Files

plan-proposed = { $file }: version { $version }, in force from { $since } once it is deployed; `leadsla check` takes it
plan-still-named = { $lines_count ->
    [one] line { $lines } still says { $goal }: read it again
   *[other] lines { $lines } still say { $goal }: read them again
 }
plan-written = { $file } is written

## The spreadsheet

plan-sheet = Plan
plan-line-sheet = Goal line
plan-inputs = Coloured cells are inputs; everything else follows from them.
plan-currency = Amounts in { $currency }
plan-all = all { part-subjects }
plan-value-of-one = value of one
plan-leads-if-less = { part-subjects } if the close rate falls
plan-leads-if-more = { part-subjects } if the close rate rises
plan-change = the close rate falls or rises by
plan-reps = reps
plan-attempts = attempts each
plan-minutes = minutes an attempt
plan-time-share = share of their time for these { part-subjects }
plan-hours = hours a rep works in the tightest period
plan-served = { part-subjects } they can serve
plan-enough = enough
plan-yes = yes
plan-no = no
plan-reps-wanted = reps it takes
plan-day = day
plan-counts = counts
