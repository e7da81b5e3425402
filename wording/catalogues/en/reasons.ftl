### Why: what became of a promise, and where that comes from. The name of each message is the code of its reason.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

## Parts of the sentences below

part-follow-up = { $about ->
    [lead] follow-up
   *[other] answer
 }
part-no-follow-up = { $awaits ->
    [answer] no answer
   *[follow_up] no { part-follow-up }
 }
part-any-follow-up = { $awaits ->
    [answer] any answer
   *[follow_up] any { part-follow-up }
 }
part-first-follow-up = { $awaits ->
    [answer] an answer
   *[follow_up] the first { part-follow-up }
 }
part-done = { $awaits ->
    [answer] answered
   *[follow_up] { part-followed-up }
 }
part-followed-up = { $about ->
    [lead] followed up
   *[other] answered
 }
part-after = { $clock ->
    [working] { $took } of working time after the clock started
   *[wall] { $took } by the clock after the clock started
 }
part-deadline-was = { $deadline ->
    [none] no deadline while paused
   *[other] the deadline was { $deadline }
 }
part-deadline-is = { $deadline ->
    [none] no deadline while paused
   *[other] the deadline is { $deadline }
 }
part-ended = { $ended_by ->
    [recycled] was given back to marketing
    [connected] was connected
    [lost] was closed by a lost deal
   *[closed] was closed
 } at { $ended_at }

## Conditions

equals = { $values_count ->
    [0] nothing
    [one] { $values }
   *[other] one of { $values }
 }
in-range = { $at_least ->
    [none] { $below ->
        [none] any number
       *[other] below { $below }
    }
   *[other] { $below ->
        [none] at least { $at_least }
       *[other] at least { $at_least } and below { $below }
    }
 }
wanted = { $name } is { $wanted }
unmet = { $found ->
    [none] { $name } is not known, not { $wanted }
   *[other] { $name } is { $found }, not { $wanted }
 }

## The first follow-up

speed-met = In time: { part-done } at { $at }, { part-after }; { part-deadline-was }.
speed-late = Late: { part-done } at { $at }, { part-after }; { part-deadline-was }, { $late_by } before.
speed-closed = Neither met nor missed: the { $about } { part-ended } before { part-any-follow-up }; { part-deadline-was }.
speed-open = Waiting for { part-first-follow-up }; { part-deadline-is }.
speed-missed = Missed: { part-no-follow-up } came; { part-deadline-was }. { $ended_by ->
    [none] It is still owed.
   *[other] Later the { $about } { part-ended }.
 }
excused = { $by ->
    [none] Waived. It is counted apart.
   *[other] Waived by { $by }: { $reason }. It is counted apart.
 }

## Attempts

depth-met = In time: attempt { $attempts } was made at { $at }; { part-deadline-was }.
depth-connected = Not needed any more: the { $about } was connected at { $ended_at } after { $made } of { $attempts } attempts; { part-deadline-was }.
depth-closed = Neither met nor missed: the { $about } { part-ended } after { $made } of { $attempts } attempts; { part-deadline-was }.
depth-open = Under way: { $made } of { $attempts } attempts so far; { part-deadline-is }.
depth-missed = Missed: { part-deadline-was }, with { $made } of { $attempts } attempts made{ $reached_at ->
    [none] { $ended_by ->
        [none] { "" } up to now.
       *[other] . Later the { $about } { part-ended }.
     }
   *[other] { "" } up to now; attempt { $attempts } came late, at { $reached_at }.
 }

## Leads delivered

delivered = Counts as one { $about } delivered, at its first qualifying hand-off{ $value ->
    [none] .
   *[other] , worth { $value }.
 }
counted-before = Counted at an earlier hand-off; it counts once.
continued = Goes on with the promise of the cycle before, since it was reopened, and is judged with that.
not-ready = Not ready for sales, so it counts for no one: { $unmet }.

## Services

watched = Of { $available } in which the { $about } was to be up, it was down for { $down }.
still-down = Down since { $down_at }: { $lasted } count so far.
outage-over = Down from { $down_at } to { $up_at }: { $lasted } count.
outage-open = { $up_at ->
    [none] Down since { $down_at }, when it does not have to be up: nothing counts yet.
   *[other] Down from { $down_at } to { $up_at }, when it did not have to be up: nothing counts.
 }
outage-excused = { $by ->
    [none] Down from { $down_at }, waived. It is left out.
   *[other] Down from { $down_at }, waived by { $by }: { $reason }. It is left out.
 }
still-there = Customer since { $won_at }, and still there.
lost = { $back_at ->
    [none] Customer since { $won_at }, lost on { $lost_at }.
   *[other] Customer since { $won_at }, lost on { $lost_at }, back on { $back_at }.
 }
loss-excused = { $by ->
    [none] Lost on { $lost_at }, waived. It is left out of the period in which it was lost.
   *[other] Lost on { $lost_at }, waived by { $by }: { $reason }. It is left out of the period in which it was lost.
 }

## Deliveries

delivery-met = In time: confirmed by { $due }.
delivery-late = Late: confirmed only after { $due }.
delivery-missed = Missed: not confirmed by { $due }.
delivery-open = Due on { $due }.
wrong-recipient = it went to { $found }; agreed is { $agreed }
nothing-owed = { $to ->
    [none] nothing was owed any more: all that is agreed had been confirmed
   *[other] nothing was owed to { $to } any more: it had been confirmed
 }

## Which agreement, version and segment

uncovered = No agreement applies to it: nobody owes it anything, and it is counted as uncovered, never as met.
version-in-force = { $began ->
    [created] in force since { $since } when the { $about } was created
   *[handed_off] in force since { $since } when the { $about } was handed off
 }
segment-matches = { $condition_count ->
    [0] the first segment that matches: it takes every one
   *[other] the first segment that matches: { $condition }
 }
no-segment-matches = no segment matches: { $unmet }
no-segments = the agreement has no segments
not-yet-in-force = it is in force from { $since } on
other-subject = it is for the subject { $agreed }, and this is of the subject { $found }
other-leads = it applies to others: { $unmet }

## Attempts that do not count

after-lost-deal = the deal of cycle { $cycle } had been lost
within-tolerance = it is stamped { $early_by } before the cycle began, by a clock without fractions of a second; up to { $tolerance } is taken for its start
never-handed-off = there has been no hand-off
before-first-hand-off = it came before the first hand-off
between-cycles = cycle { $cycle } had ended, and no other had begun
by-automation = made by automation, and only people's attempts count
answers-nothing = made by automation, which counts only as an answer, and no message was waiting for one
wrong-direction = { $direction ->
    [inbound] inbound, and only outbound counts
   *[outbound] outbound, and only inbound counts
 }
wrong-channel = by { $channel }, and only { $counted } counts
wrong-outcome = { $outcome ->
    [bounced] it bounced
    [failed] it failed
    [wrong_number] the number was wrong
   *[other] its outcome was { $outcome }
 }, and the outcomes that count are { $counted }
too-short = lasted { $lasted }, and at least { $least } is agreed

## Events that do not count

in-quarantine = it belongs to what is in quarantine: it cannot be judged
corrects = { $has_instead ->
    [yes] it corrects { $event }: see what it puts in
   *[no] it corrects { $event }
 }
corrected-later = a later event corrects it
merged-away = merged into another, for which it counts
of-unmerged-lead = it was received for { $lead }, which is not merged into this one

## The ledger: why there is no next goal, or why not to trust it

none-delivered = no { $about } has been delivered yet
none-delivered-then = no { $about } was delivered in the periods that the rates come from
no-deal-won = no deal of a delivered { $about } was won, so nobody knows how long a sale takes
none-matured = no { $about } is older than the average sales cycle yet
none-converted = none of { part-leads } has become a customer
no-currency = deals are in several currencies, and none is agreed
nothing-paid = no customer has paid anything in { $currency }
few-customers = { $customers ->
    [one] { $customers } customer
   *[other] { $customers } customers
 } of { part-leads }: too few to be trusted, { $wanted } are wanted
no-revenue = nothing was earned in { $currency } in the year, so marketing's share of it is undefined
no-revenue-of-marketing = none of the revenue of the year is marketing's
no-quota = no quota is agreed to compute a goal from
of-segment = { $segment }: { $remark }
of-segments = { $remarks }

## Notes: what an agreement leaves unsaid

parts-missing = says nothing of { $parts }
no-summary = what it is about (summary)
no-goals-or-needs = goals and needs of { $parties }
no-addresses = an address of { $parties }
no-consequences = what happens if goals are missed (credits, remedies)
no-cancellation = when it may be ended (cancellation)
reps-in-no-team = { $reps_count ->
    [one] { $reps } is
   *[other] { $reps } are
 } in no team, so that no contacts of a team hear of their leads
reps-not-counted = { $named ->
    [one] { $named } rep is
   *[other] { $named } reps are
 } named and { $reps } counted in capacity, which goes by the first of them
override-closed = { part-calendar }: other hours on { $day } have no effect, holidays.dates closes it
holidays-unknown = { part-calendar }: the holidays of { $place } in { $year } are not known; write them in holidays.dates
holidays-estimated = { part-calendar }: { $holiday } on { $day } ({ $place }) is an estimate, as are those by the moon that follow; once announced on other dates, write these with date_overrides and holidays.dates
holiday-never = { part-calendar }: { $holiday } is no holiday until { $until }

part-calendar = { $calendar ->
    [none] calendar
   *[other] calendar { $calendar }
 }
