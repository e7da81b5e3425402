### What `leadsla confirm`, `excuse`, `attempt` and `close-deal` print.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

hand-confirm = { $quantity } of { $wanted } of { $obligation } ({ $agreement }), due { $due }, delivered { $at }{ $by ->
    [none] {""}
   *[other] {" "}by { $by }
 }{ $to ->
    [none] {""}
   *[other] {" "}to { $to }
 }
hand-passed = if it is what was due on { $due }, say --due { $due }
hand-remedy = remedy for { $obligation } ({ $agreement }) in { $period }, carried out { $at } by { $by }
hand-excuse = { $about } { $lead } is excused{ $begins ->
    [none] {""}
   *[other] {" "}from { $begins } to { $ends }
 }, { $at }, by { $by }: { $reason }
hand-attempt = { $direction ->
    [inbound] { $about } { $lead } got in touch by { $channel }, { $at }
   *[other] { $rep ->
        [none] attempt to reach { $about } { $lead } by { $channel }, { $at }
       *[other] { $rep } tried to reach { $about } { $lead } by { $channel }, { $at }
    }
 }{ $took ->
    [none] {""}
   *[other] , for { $took }
 }{ $outcome ->
    [none] {""}
   *[other] : { $outcome }
 }
hand-deal = deal { $deal } ({ $leads }) { $outcome ->
    [won] won
   *[other] lost
 }, { $amount } { $currency }, { $at }

hand-ask = publish it to { $broker }?
hand-needs-yes = nothing was published: leadsla { $command } asks before it publishes, and there is no terminal to ask at; say --yes
hand-not-looked = whether the same was published just now cannot be seen from here
hand-not-published = nothing was published
hand-already = already published { $ago } ago, at { $at }: once more changes nothing, and nothing was published
hand-same-words = the same was published { $ago } ago, at { $at }, and nothing was published now; if it happened once more, say --again
hand-published = published: { $place }
hand-not-seen = it was published; whether the workers have taken it cannot be seen from here
hand-taken = the workers have taken it
hand-not-taken = not taken after { $seconds } s: it lies at { $place }, and a worker takes it as soon as one gets there
hand-rejected = the workers have dead-lettered it: { $reason }; leadsla deadletter list shows it
