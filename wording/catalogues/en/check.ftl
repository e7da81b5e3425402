### What `leadsla check` prints.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

check-agreement = { $agreement } { $version }, in force from { $since }{ $years_from ->
    [none] {""}
   *[other] , years from { $years_from }
 }{ $about ->
    [lead] {""}
   *[other] , subject { $about }
 }: { $obligations }
check-deadline = { $obligation }{ $whose ->
    [none] {""}
   *[other] {" "}({ $whose })
 }: { $starts ->
    [created] created
    [inbound] message
   *[handed_off] handed off
 } { $start }, { $due ->
    [none] never due
   *[other] due { $due }
 }
check-days-as-hours = { $hours } open hours are { $days } days of { $day }; if working days are meant, write within: {"{"}working_days: { $instead }{"}"}
part-whose = { $of ->
    [segment] segment { $name }
    [team] team { $name }
   *[agreement] others
 }
check-feasible = { $obligation }: feasible: { part-reps } can serve { part-leads } in { part-tightest }{ $limited ->
    [yes] , as many as each of them may have
   *[no] {""}
 }{ $own ->
    [0] {""}
   *[other] , beside { $own } of their own
 }; { $agreed ->
    [one] { $agreed } is agreed
   *[other] { $agreed } are agreed
 }, { $spare } to spare
check-not-feasible = { $obligation }: not feasible: { part-reps } can serve { $served } of { part-leads } in { part-tightest }{ $limited ->
    [yes] , as many as each of them may have
   *[no] {""}
 }; { $wanted ->
    [none] nobody works then
    [one] it takes { $wanted } rep
   *[other] it takes { $wanted } reps
 }
check-note = note: { $note }
no-operations = note: nobody hears of alerts on the service itself, such as that no worker answers; name whoever runs it with --ops-email or --ops-webhook, or in LEADSLA_OPS_EMAIL or LEADSLA_OPS_WEBHOOK
check-taken-over = { $broker }: a worker would take these over

part-reps = { $reps ->
    [one] { $reps } rep
   *[other] { $reps } reps
 }
part-tightest = { $interval ->
    [day] the tightest day of the year ({ $period })
    [week] the tightest week of the year ({ $period })
    [month] the tightest month of the year ({ $period })
    [quarter] the tightest quarter of the year ({ $period })
   *[year] the tightest year ({ $period })
 }

## Editions of the rules: what each reads otherwise than the one before

check-edition = edition { $edition } of the rules is later than that of the workers there: all leads are judged again by it, and figures that were published stay; what it reads otherwise:
edition-3 =
    an attempt with the same stamp as the end of its cycle belongs to that cycle; a connection and the call that connects likewise
    an attempt that bounced, failed or found a wrong number does not count, unless follow_up.outcomes says so
    a pause that began before its clock counts from the start of the clock
    a warning leaves pauses out, as the deadline does: 10m before it are ten minutes of its clock
    an attempt stamped without a fraction of a second up to 1s before its cycle began belongs to it (follow_up.tolerance)
    a lost deal closes the cycle of its lead, unless lost_deal says goes_on
    values and channels are compared without case: P1 is p1
    events of a lead and of a ticket with one source and id are two events, and a correction names the event of its own subject
edition-4 =
    an override goes before a public holiday of the country, so that it is open in its hours then; own dates stay closed
    what is due on a day without open hours is due on the next day that has some, unless due.on_closed_day says previous or same
    the owner's clock runs in the hours of the team that has the lead: once it is reassigned, in those of the new team
    the lead's own clock, from its creation, goes by the hours of its segment or of the agreement, whichever team it was handed to
