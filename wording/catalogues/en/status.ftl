### What `leadsla status` prints.

status-last-change = last change { $ago } ago
status-none = nothing stands of any agreement yet
status-as-of = as of { $at }{ $since ->
    [none] {""}
   *[other] ; the service listens since { $since }
 }
status-withdrawn = withdrawn, no file says it any more
status-owner = { $owner ->
    [behind] nothing has been decided of it since { $day }: the worker that owns it is behind, or stopped (see /readyz)
    [silent] the worker that owns it has not been heard of: what follows may be out of date
   *[nothing_written] nobody has decided anything of it yet; this is what follows from its figures
 }

## Who keeps it

status-both = { $standing ->
    [kept] both sides keep it
   *[nothing_due] nothing is due yet
 }
status-party = { $standing ->
    [kept] { $party } keeps its promises
    [at_risk] { $party } is at risk with { $promises }
    [broken] { $party } has broken { $promises }
   *[nothing_due] { $party } owes nothing yet
 }
status-owes = { $party } owes
status-standing = stands
status-word = { $standing ->
    [kept] kept
    [at_risk] at risk
    [broken] broken
   *[nothing_due] nothing due
 }
status-means = { $standing ->
    [kept] the target is reached as things stand; a goal, if as much has come as is due to date
    [at_risk] the target is not reached, and still can be
    [broken] the target cannot be reached in this period any more
   *[nothing_due] there is nothing to judge yet
 }

## What is ahead in a period

status-due-to-date = { $due } due to date
status-projection = heading for { $found }
status-load = { $load } of what the reps can serve
status-budget = { $left ->
    [0] no more may be missed
   *[other] { $left } more may be missed
 }
status-overspent = { $used } missed where { $allowed ->
    [0] none may be
   *[other] { $allowed } may be
 }
status-downtime = may be down for { $left } more
status-down-too-long = down for { $used } where { $allowed } are allowed

## What is decided

status-results = results
status-result = { $period } { $result ->
    [met] met
    [missed] missed
   *[none] nothing due
 }{ $attainment ->
    [none] {""}
   *[other] {" "}({ $attainment })
 }{ $history ->
    [none] {""}
   *[other] {" "}(history)
 }
status-credits = credits
status-remedies = remedies
status-right-to-end = ending it
status-next-goal = next goal
status-remedy = { $status ->
    [confirmed] done by { $done_by } on { $done }
    [overdue] overdue, { $owner } by { $day }
   *[due] { $owner } by { $day }
 }: { $action }
status-goal-by-rates = { $obligation }: { $found ->
    [none] { $agreed ->
        [none] none
       *[other] { $agreed }, as agreed
     }
   *[other] { $found } by the newest rates{ $agreed ->
        [none] {""}
       *[other] , { $agreed } agreed
     }
 }{ $remark ->
    [none] {""}
   *[other] ; { $remark }
 }
