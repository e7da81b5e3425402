### What `leadsla explain` prints around the reasons.

explain-lead = { $about } { $lead }
explain-as-of = as of { $until }
explain-unknown = nothing was received for { $about } { $lead }
explain-not-kept = no { $about } { $lead } in partition { $partition } of { $topic }: nothing has been received, or it left after { $days ->
    [one] one quiet day
   *[other] { $days } quiet days
 }
explain-has-left = { $about } { $lead } is in partition { $partition } of { $topic } no more: it left after { $days ->
    [one] one quiet day
   *[other] { $days } quiet days
 }
explain-did-you-mean = did you mean { $close }?
explain-other-terms = By the other terms
explain-nearest = nearest deadline: { $at }, in { $left }: { $promise }
explain-before-first = nothing had been received for { $about } { $lead } by { $until }; its first event came at { $first }
explain-merged = merged into { $lead } by event { $event }; it counts there, not here
explain-quarantined = in quarantine: it cannot be judged, and counts for nothing: { $why }
explain-nothing = no clock ran and nothing was counted for it
explain-uncovered = cycle { $cycle }, from { $at }: { $verdict }
explain-not-applying = not under { $agreement } (cycle { $cycle }): { $why }
explain-stray = attempt { $event } at { $at } belongs to no cycle: { $why }
explain-left-out = event { $event } ({ $type }) does not count: { $why }

## One verdict

explain-verdict = { $agreement } { $version }, { $obligation }
explain-cycle = { $cycle ->
    [0] , from its creation
   *[other] , cycle { $cycle }
 }
explain-message = , a message of cycle { $cycle }
explain-started = started { $at } by event { $event }
explain-version = version { $version }: { $because }
explain-segment = { $segment ->
    [none] segment none: { $because }
   *[other] segment { $segment }: { $because }
 }
explain-changed = was { $before } until { $at }, then { $after }
explain-in-segment = { $segment ->
    [none] under this agreement
   *[other] { $segment }
 }
explain-outside-agreement = outside this agreement
explain-owner = owner { $who } since { $since }
explain-nobody = nobody
explain-who = { $rep ->
    [none] { $team }
   *[other] { $team ->
        [none] { $rep }
       *[other] { $rep } of { $team }
    }
 }

## The clock

explain-every-hour = every hour counts
explain-hours = { $of ->
    [agreement] hours of the agreement ({ $zone })
    [segment] hours of the segment { $name } ({ $zone })
   *[team] hours of the team { $name } ({ $zone })
 }
explain-clock = { $clock ->
    [working] clock working: { $hours }, started { $at }
   *[wall] clock wall: { $hours }, started { $at }
 }
explain-hours-since = from { $at } on: { $hours }
explain-deadline = deadline { $at }: { $within } of
explain-deadline-days = deadline { $at }: { $within }, { $time } of
explain-span = { $start } to { $end }: { $length }
explain-spans = { $count } spans from { $start } to { $end }: { $length }
explain-spans-left-out = ... { $count } more: { $length }
explain-time = { $clock ->
    [working] { $own ->
        [none] { $wall } by the clock
       *[other] { $wall ->
            [none] { $own } of working time
           *[other] { $own } of working time, { $wall } by the clock
        }
    }
   *[wall] { $own ->
        [none] { $wall } by the clock
       *[other] { $wall ->
            [none] { $own } without pauses
           *[other] { $own } without pauses, { $wall } by the clock
        }
    }
 }
explain-used = { $paused ->
    [none] used so far: { $used }
   *[other] used so far: { $used }; paused for { $paused }
 }
explain-left = left: { $left }
explain-late = { $until ->
    [now] late by now: { $late }
    [ended] late when it ended: { $late }
   *[done] late: { $late }
 }
explain-ahead = ahead: { $kind ->
    [warning] warning
    [reassignment_due] reassignment
   *[escalation] escalation
 } ({ $tier }), { $at }
explain-follow-up = follow-up { $at } by event { $event }: { $working } of working time, { $wall } by the clock
explain-pause = { $taken_out ->
    [yes] pause { $start } to { $end }, taken out
    [closed] closed { $start } to { $end }, taken out: the reopening goes on with the same promise
    [from_the_start] pause { $start } to { $end }, taken out from the start of the clock on
   *[no] pause { $start } to { $end }, not taken out: this obligation does not pause
 }
explain-excused-time = left out, neither for nor against anybody: { $excused }
explain-excused-span = { $counts ->
    [yes] waived { $start } to { $end } by { $by }: { $reason } (event { $event }, { $said })
   *[no] not waived { $start } to { $end }, announced too late, by { $by }: { $reason } (event { $event }, { $said })
 }
explain-counted-periods = { $outcome ->
    [kept] there at the start, and kept
    [won] new, and counted from the next on
    [excused] lost and waived, so left out
   *[lost] there at the start, and lost
 }: { $count ->
    [one] { $interval ->
        [day] the day { $first }
        [week] the week from { $first }
        [quarter] the quarter from { $first }
        [year] the year from { $first }
       *[month] the month from { $first }
     }
   *[other] { $interval ->
        [day] { $count } days
        [week] { $count } weeks
        [quarter] { $count } quarters
        [year] { $count } years
       *[month] { $count } months
     }, the first from { $first } and the last from { $last }
 }
explain-now = now
explain-attempt = attempt { $at }, { $channel } by { $who }, event { $event }: { $counts }
explain-counts = counts
explain-counts-in-part = counts for { $counted }
explain-flagged = { $said }; flagged: { $flags }
explain-does-not-count = does not count: { $why }
explain-published = published: { $kind ->
    [warning] warning
    [reassignment_due] reassignment due from { $who }
    [resolved] resolved
   *[breached] breached
 } ({ $tier }), { $at }

## Deals and deliveries

explain-remedy = remedy for { $period }{ $owner ->
    [none] {""}
   *[other] {" "}of { $owner }
 }, carried out at { $at } by { $by }
explain-deal = deal { $deal }
explain-deal-outcome = { $outcome ->
    [won] won on { $at }, { $amount } { $currency }
   *[lost] lost on { $at }, { $amount } { $currency }
 }
explain-deal-event = last received by event { $event }
explain-deal-count = { $marketings ->
    [yes] { $agreement }, { $obligation }{ $segment }: revenue of marketing's leads
   *[no] { $agreement }, { $obligation }{ $segment }: other revenue
 }
explain-deal-converts = converts the lead
explain-moved = by the schedule on { $day }, a closed day
explain-confirmed = confirmed { $quantity } of { $wanted }
explain-recipient = to { $to }: { $quantity } of { $wanted }
explain-confirmation = confirmation { $at }, { $said }, event { $event }: { $counts }
explain-by = by { $by }
explain-to = to { $to }

## States

status-met = met
status-breached = breached
status-open = open
status-closed = closed
status-excused = excused
status-connected = connected
status-delivered = delivered
status-counted-before = counted before
status-continued = continued
status-unready = unready
