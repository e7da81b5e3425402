### What `leadsla overdue` prints.

overdue-as-of = as of { $at }
overdue-count = { $overdue } overdue, { $due } being judged, { $at_risk } at risk, { $running } running, { $paused } paused
overdue-none = no clock is open
overdue-more = ... { $count } more
overdue-historic = { $count ->
    [one] one more is historic: its deadline had passed before the service heard of it
   *[other] { $count } more are historic: their deadlines had passed before the service heard of them
 }
overdue-state = state
overdue-lead = lead
overdue-promise = promise
overdue-owner = owner
overdue-deadline = deadline
overdue-word = { $state ->
    [overdue] { $by ->
        [none] overdue
       *[other] overdue +{ $by }
     }
    [due] due, being judged
    [at_risk] { $left ->
        [none] at risk
       *[other] { $until ->
            [none] at risk, { $left } left
           *[other] at risk, { $left } left from { $until }
         }
     }
    [running] { $left ->
        [none] running
       *[other] { $left } left
     }
   *[paused] { $until ->
        [none] { $left ->
            [none] paused
           *[other] paused, { $left } left
         }
       *[other] paused until { $until }
     }
 }
