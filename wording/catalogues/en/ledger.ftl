### What `leadsla ledger` prints beside the ledger of a replay.

ledger-as-of = as of { $at }
ledger-none = no period with any { part-subjects } is over yet
ledger-result = result
ledger-credit = credit
ledger-rate-so-far = close rate so far
ledger-brought = brought{ $currency ->
    [none] {""}
   *[other] {" "}{ $currency }
 }
ledger-reached = reached
ledger-as-published = * as published, which decides; other figures are known now
