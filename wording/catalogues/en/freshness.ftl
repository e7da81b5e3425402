### Whether what a running service says may be out of date.

freshness-blind = this may be out of date, or not all: { $why }
partitions-never-heard = { $partitions_count ->
    [one] partition { $partitions } has
   *[other] partitions { $partitions } have
 } never been heard of
partitions-silent = { $partitions_count ->
    [one] partition { $partitions } has
   *[other] partitions { $partitions } have
 } not been heard of for { $silent_for }
partitions-behind = { $behind_by ->
    [none] { $partitions_count ->
        [one] partition { $partitions } has
       *[other] partitions { $partitions } have
     } not come to anything yet
   *[other] { $partitions_count ->
        [one] partition { $partitions } is
       *[other] partitions { $partitions } are
     } { $behind_by } behind
 }
topic-incomplete = { $topic } does not hold all of { $partitions_count ->
    [one] partition { $partitions }
   *[other] partitions { $partitions }
 }
history-loading = history is being loaded into { $partitions_count ->
    [one] partition { $partitions }
   *[other] partitions { $partitions }
 }: time stands for the leads that it brings
leads-set-aside = { $leads ->
    [one] one lead that cannot be judged is missing
   *[other] { $leads } leads that cannot be judged are missing
 }
