### What `leadsla status` prints.

status-figures = last change { $ago } ago; { $records ->
    [one] { $records } figure
   *[other] { $records } figures
 } of { $partitions ->
    [one] { $partitions } partition
   *[other] { $partitions } partitions
 }
status-no-figures = nothing has been published yet in { $partitions ->
    [one] { $partitions } partition
   *[other] { $partitions } partitions
 }
status-none = no agreement is in force
status-agreement = version { $version }, as of { $at }
status-standing = stands
status-listening = the service listens since { $since }
status-silent = { $silent } of { $partitions ->
    [one] { $partitions } partition
   *[other] { $partitions } partitions
 } have no figures of these periods yet
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
