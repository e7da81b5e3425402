### What was agreed, by whom and for which periods.
###
### $about is what an agreement is about: lead, ticket ... A value that is not there is `none`.

## Parts

part-subjects = { $about ->
    [lead] leads
    [ticket] tickets
    [machine] machines
   *[other] { $about }
 }
part-leads = { $about ->
    [lead] { $leads ->
        [one] { $leads } lead
       *[other] { $leads } leads
    }
    [ticket] { $leads ->
        [one] { $leads } ticket
       *[other] { $leads } tickets
    }
    [machine] { $leads ->
        [one] { $leads } machine
       *[other] { $leads } machines
    }
   *[other] { $leads } ({ $about })
 }
part-an-interval = { $interval ->
    [day] a day
    [week] a week
    [month] a month
    [quarter] a quarter
   *[year] a year
 }
part-working-days = { $days ->
    [one] { $days } working day
   *[other] { $days } working days
 }{ $end_of_day ->
    [yes] {" "}until closing
   *[no] {""}
 }{ $cut_off ->
    [none] {""}
   *[other] , a start after { $cut_off } counting as the next day's
 }
part-intervals = { $interval ->
    [day] { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
    [week] { $count ->
        [one] { $count } week
       *[other] { $count } weeks
    }
    [month] { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
    [quarter] { $count ->
        [one] { $count } quarter
       *[other] { $count } quarters
    }
   *[year] { $count ->
        [one] { $count } year
       *[other] { $count } years
    }
 }

## Periods

period-week = week { $year }-W{ NUMBER($number, minimumIntegerDigits: 2) }
period-month = month { $month }
period-quarter = quarter { $year }-Q{ $number }{ $begins ->
        [none] {""}
       *[other] {" "}from { $begins }
    }
period-year = year { $year }{ $begins ->
        [none] {""}
       *[other] {" "}from { $begins }
    }

## Flags

flag-bulk = in bulk
flag-backdated = backdated
flag-zero-seconds = zero seconds
flag-outside-hours = outside hours

## Obligations

terms-kind = { $kind ->
    [speed] speed
    [depth] depth
    [volume] volume
    [availability] availability
    [retention] retention
   *[deliverable] deliverable
 }
terms-uptime = { $clock ->
    [working] up { $share } of the working time
   *[wall] up { $share } of the time
 }
terms-retention = { $share } of the customers kept
terms-within = { $clock ->
    [working] within { $within } of working time
   *[wall] within { $within } by the clock
 }
terms-within-days = within { part-working-days }
terms-of-messages = for each further message
terms-target = target { $share }
terms-average = average { $average }
terms-attempts = { $attempts ->
    [one] { $attempts } attempt
   *[other] { $attempts } attempts
 }
terms-closed = { $closed ->
    [counted] closed { part-subjects } counted
   *[left_out] closed { part-subjects } left out
 }
terms-goal = { $measure ->
    [value] goal { $goal } in value { part-an-interval }
   *[leads] goal { $goal } { part-subjects } { part-an-interval }
 }
