### Lo acordado, por quién y para qué periodos.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

## Partes

part-subjects = { $about ->
    [lead] leads
    [ticket] tickets
    [machine] equipos
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
        [one] { $leads } equipo
       *[other] { $leads } equipos
    }
   *[other] { $leads } ({ $about })
 }
part-an-interval = { $interval ->
    [day] al día
    [week] a la semana
    [month] al mes
    [quarter] al trimestre
   *[year] al año
 }
part-working-days = { $days ->
    [one] { $days } día laborable
   *[other] { $days } días laborables
 }{ $end_of_day ->
    [yes] {" "}hasta el cierre
   *[no] {""}
 }{ $cut_off ->
    [none] {""}
   *[other] , y lo que llega después de las { $cut_off } cuenta como del día siguiente
 }
part-intervals = { $interval ->
    [day] { $count ->
        [one] { $count } día
       *[other] { $count } días seguidos
    }
    [week] { $count ->
        [one] { $count } semana
       *[other] { $count } semanas seguidas
    }
    [month] { $count ->
        [one] { $count } mes
       *[other] { $count } meses seguidos
    }
    [quarter] { $count ->
        [one] { $count } trimestre
       *[other] { $count } trimestres seguidos
    }
   *[year] { $count ->
        [one] { $count } año
       *[other] { $count } años seguidos
    }
 }

## Periodos

period-week = sem. { $number } de { $year }
period-month = { $month }
period-quarter = T{ $number } de { $year }{ $begins ->
        [none] {""}
       *[other] {" "}desde el { $begins }
    }
period-year = año { $year }{ $begins ->
        [none] {""}
       *[other] {" "}desde el { $begins }
    }

## Señales

flag-bulk = en bloque
flag-backdated = antedatado
flag-zero-seconds = cero segundos
flag-outside-hours = fuera de horario

## Obligaciones

terms-kind = { $kind ->
    [speed] rapidez
    [depth] intensidad
    [volume] volumen
    [availability] disponibilidad
    [retention] retención
   *[deliverable] entregable
 }
terms-uptime = { $clock ->
    [working] en servicio el { $share } del horario laboral
   *[wall] en servicio el { $share } del tiempo
 }
terms-retention = conservar el { $share } de los clientes
terms-within = { $clock ->
    [working] en { $within } de horario laboral
   *[wall] en { $within } de reloj
 }
terms-within-days = en { part-working-days }
terms-of-messages = para cada nuevo mensaje
terms-target = objetivo { $share }
terms-average = media { $average }
terms-attempts = { $attempts ->
    [one] { $attempts } intento
   *[other] { $attempts } intentos
 }
terms-closed = { $closed ->
    [counted] los { part-subjects } cerrados cuentan
   *[left_out] los { part-subjects } cerrados no cuentan
 }
terms-goal = { $measure ->
    [value] objetivo de valor { $goal } { part-an-interval }
   *[leads] objetivo { $goal } { part-subjects } { part-an-interval }
 }
