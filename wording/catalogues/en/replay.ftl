### What `leadsla replay` prints.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

replay-as-of = as of { $at }, { part-leads } known
replay-not-in-force = not in force yet
replay-nothing-to-count = { $title }: nothing to count yet
replay-beside = beside: { $title }
replay-other-version = { $version } (other)
replay-all = all
replay-percent = { $number } %
replay-flags-title = flagged attempts, which count as any other
replay-of = { $found } of { $wanted }

## Headings

column-period = period
column-segment = segment
column-status = status
column-messages = messages
column-answered = answered
column-leads = { part-subjects }
column-followed-up = followed up
column-met = met
column-breached = breached
column-open = open
column-closed = closed
column-excused = excused
column-in-time = in time
column-average = average
column-p50 = p50
column-p90 = p90
column-unconnected = unconnected
column-attempts = attempts
column-connected = connected
column-all-attempts = all attempts
column-delivered = delivered
column-value = value
column-goal = goal
column-goal-to-date = goal to date
column-ahead = ahead
column-load = load
column-due = due
column-quantity = quantity
column-to-others = to others
column-available = to be up
column-downtime = downtime
column-uptime = uptime
column-outages = outages
column-longest = longest
column-at-start = at start
column-kept = kept
column-lost = lost
column-retention = retention
column-won = new
column-team = team

## States of a period

period-open = open
period-published = published
period-restated = restated
period-as-published = as published
period-of-history = { $status }, history

## Breaches

replay-breaches = { $breaches ->
    [one] { $breaches } breach
   *[other] { $breaches } breaches
 }
replay-of-breaches = { $resolved } made up for late, { $owed } still owed; { $historic } of them { $historic ->
    [one] was
   *[other] were
 } loaded as history; and { $others ->
    [one] { $others } warning or escalation
   *[other] { $others } warnings and escalations
 }
replay-owed = { $about } { $lead } (cycle { $cycle }), owed by { $who }
replay-more-before = ... and { $count } before them

## What no figure has in it

replay-uncovered-label = under no agreement
replay-uncovered = { $count ->
    [one] { $count } hand-off, which counts for no one
   *[other] { $count } hand-offs, which count for no one
 }
replay-quarantined-label = in quarantine
replay-quarantined = { $leads ->
    [one] { part-leads } that cannot be judged, and counts for nothing
   *[other] { part-leads } that cannot be judged, and count for nothing
 }
replay-unpublished-label = left out of what was published
replay-unpublished = { part-leads } that cannot be judged as of the end of a period
replay-left-out = { $about } { $lead }: { $why }
replay-unfoldable-label = left out
replay-unfoldable = { $count ->
    [one] { $count } event that cannot be merged
   *[other] { $count } events that cannot be merged
 }
replay-unfoldable-event = { $source } { $id } of { $lead }: { $why }

## Goals, and what follows from them

goals-label = goals
goals-title = published figures decide; both sides hear of both
goals-none = goals: no period yet
goals-obligation = obligation
goals-by = by
goals-for = for
goals-agreed = agreed
goals-found = found
goals-goal = goal
goals-what-follows = what follows
goals-met = met
goals-missed = missed
goals-nothing-due = nothing due
goals-open = open
goals-published-on = published on { $day }
goals-now = { $result ->
    [met] now met
    [missed] now missed
   *[none] now -
 }
goals-credit = { $share } of the fee back (below { $below }){ $capped_from ->
    [none] {""}
   *[other] , capped from { $capped_from }
 }{ $amount ->
    [none] {""}
   *[other] : { $amount } of { $fee }
 }{ $claim_until ->
    [none] {""}
   *[other] , to be claimed until { $claim_until }
 }{ $exclusions ->
    [none] {""}
   *[other] ; not for: { $exclusions }
 }
goals-remedy = { $owner }, by { $day }: { $action } ({ $status ->
    [confirmed] done { $done } by { $done_by }{ $late ->
        [none] {""}
       *[other] , late by { $late }
    }
    [overdue] overdue
   *[due] due
 })
goals-may-be-ended = may be ended once { $obligations } was missed { part-intervals } in a row
goals-end-reached = { $condition }: reached, { $row } in a row since { $since }
goals-end-not-reached = { $condition }: { $row } in a row now
goals-end-reached-on = reached on { $day }: missed from { $first } to { $last }

## Agreement events

events-label = events
events-title = applause and trouble
event-goal-reached = { $obligation }: the goal of { $agreed } for { $period } was reached
event-period-met = { $obligation }: { $period } was met, with { $found } where { $agreed } was agreed
event-period-missed = { $obligation }: { $period } was missed, with { $found } where { $agreed } was agreed
event-credit-due = { $obligation }: { $credit } of the fee for { $period } is given back{ $amount ->
    [none] {""}
   *[other] , { $amount }
 }{ $claim_until ->
    [none] {""}
   *[other] , to be claimed until { $claim_until }
 }
event-remedy-due = { $obligation }: since { $period } was missed, { $owner } has until { $day }: { $action }
event-remedy-overdue = { $obligation }: since { $period } was missed, { $owner } had until { $day }, and has not confirmed it: { $action }
event-cancellation-near = the agreement may be ended if one more { $interval ->
    [day] day
    [week] week
    [month] month
    [quarter] quarter
   *[year] year
 } is missed; missed in a row: { $periods } ({ $obligations })
event-cancellation-reached = the agreement may be ended; missed in a row: { $periods } ({ $obligations })
event-best-week = { $obligation }: { $period } was the best of { $weeks } weeks, with { $found } where the best before had { $before }

## The ledger

ledger-came-title = what came of the { part-subjects }
ledger-follows-title = the next goal, by the rates of matured { part-subjects }
ledger-open = { $period } (open)
ledger-at-end = known at its end
ledger-converted = converted
ledger-so-far = so far
ledger-won = won
ledger-lost = lost
ledger-revenue = revenue
ledger-all-revenue = all revenue
ledger-sales-cycle = sales cycle
ledger-customers = customers
ledger-of-leads = of { part-subjects }
ledger-close-rate = close rate
ledger-a-customer = a customer
ledger-our-share = our share
ledger-next-goal = next goal
ledger-at-agreed-share = at agreed share
ledger-next-value = next value
ledger-few = few:
ledger-days = { $days } d
ledger-rests-on = the last row rests on { part-subjects } delivered from { $since } to { $until }, the end left out; a sale takes { $cycle } on average of { $deals ->
    [one] { $deals } deal
   *[other] { $deals } deals
 }
ledger-foreign = { $agreed ->
    [none] deals in { $currencies } are counted apart: none is agreed
   *[other] deals in { $currencies } are counted apart: rates are in { $agreed }
 }
