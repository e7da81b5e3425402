### Lo que imprime `leadsla explain` alrededor de los motivos.

explain-lead = { $about } { $lead }
explain-as-of = a { $until }
explain-unknown = no se ha recibido nada { $about ->
    [lead] sobre el lead { $lead }
    [ticket] sobre el ticket { $lead }
   *[other] sobre { $about } { $lead }
 }
explain-not-kept = no hay nada { $about ->
    [lead] sobre el lead { $lead }
    [ticket] sobre el ticket { $lead }
   *[other] sobre { $about } { $lead }
 } en la partición { $partition } de { $topic }: no se ha recibido nada, o salió tras { $days ->
    [one] un día sin novedades
   *[other] { $days } días sin novedades
 }
explain-has-left = ya no queda nada { $about ->
    [lead] sobre el lead { $lead }
    [ticket] sobre el ticket { $lead }
   *[other] sobre { $about } { $lead }
 } en la partición { $partition } de { $topic }: salió tras { $days ->
    [one] un día sin novedades
   *[other] { $days } días sin novedades
 }
explain-did-you-mean = ¿quería decir { $close }?
explain-other-terms = Según los otros términos
explain-nearest = próximo vencimiento: { $at }, en { $left }: { $promise }
explain-before-first = a { $until } aún no se había recibido nada { $about ->
    [lead] sobre el lead { $lead }
    [ticket] sobre el ticket { $lead }
   *[other] sobre { $about } { $lead }
 }; su primer evento llegó en { $first }
explain-merged = fusionado con { $lead } por el evento { $event }; cuenta allí, no aquí
explain-quarantined = en cuarentena: no se puede juzgar y no cuenta para nada: { $why }
explain-nothing = no corrió ningún plazo y no se contó nada
explain-uncovered = ciclo { $cycle }, desde { $at }: { $verdict }
explain-not-applying = fuera de { $agreement } (ciclo { $cycle }): { $why }
explain-stray = el intento { $event } del { $at } no pertenece a ningún ciclo: { $why }
explain-left-out = el evento { $event } ({ $type }) no cuenta: { $why }

## Un veredicto

explain-verdict = { $agreement } { $version }, { $obligation }
explain-cycle = { $cycle ->
    [0] , desde su creación
   *[other] , ciclo { $cycle }
 }
explain-message = , un mensaje del ciclo { $cycle }
explain-started = empezó el { $at } por el evento { $event }
explain-version = versión { $version }: { $because }
explain-segment = { $segment ->
    [none] sin segmento: { $because }
   *[other] segmento { $segment }: { $because }
 }
explain-changed = estuvo { $before } hasta el { $at }, después { $after }
explain-in-segment = { $segment ->
    [none] dentro de este acuerdo
   *[other] en { $segment }
 }
explain-outside-agreement = fuera de este acuerdo
explain-owner = responsable { $who } desde el { $since }
explain-nobody = nadie
explain-who = { $rep ->
    [none] { $team }
   *[other] { $team ->
        [none] { $rep }
       *[other] { $rep } de { $team }
    }
 }

## El plazo

explain-every-hour = cuentan todas las horas
explain-hours = { $of ->
    [agreement] horario del acuerdo ({ $zone })
    [segment] horario del segmento { $name } ({ $zone })
   *[team] horario del equipo { $name } ({ $zone })
 }
explain-clock = { $clock ->
    [working] plazo en horario laboral: { $hours }, desde el { $at }
   *[wall] plazo de reloj: { $hours }, desde el { $at }
 }
explain-hours-since = desde el { $at }: { $hours }
explain-deadline = vencimiento el { $at }: { $within }, a saber
explain-deadline-days = vencimiento el { $at }: { $within }, { $time } de horario laboral, a saber
explain-span = { $start } a { $end }: { $length }
explain-spans = { $count } tramos del { $start } al { $end }: { $length }
explain-spans-left-out = ... { $count } más: { $length }
explain-time = { $clock ->
    [working] { $own ->
        [none] { $wall } de reloj
       *[other] { $wall ->
            [none] { $own } de horario laboral
           *[other] { $own } de horario laboral, { $wall } de reloj
        }
    }
   *[wall] { $own ->
        [none] { $wall } de reloj
       *[other] { $wall ->
            [none] { $own } sin contar las pausas
           *[other] { $own } sin contar las pausas, { $wall } de reloj
        }
    }
 }
explain-used = { $paused ->
    [none] transcurrido hasta ahora: { $used }
   *[other] transcurrido hasta ahora: { $used }; en pausa durante { $paused }
 }
explain-left = queda: { $left }
explain-late = { $until ->
    [now] retraso hasta ahora: { $late }
    [ended] retraso al terminar: { $late }
   *[done] retraso: { $late }
 }
explain-ahead = por venir: { $kind ->
    [warning] aviso
    [reassignment_due] reasignación
   *[escalation] escalado
 } ({ $tier }), { $at }
explain-follow-up = seguimiento el { $at } por el evento { $event }: { $working } de horario laboral, { $wall } de reloj
explain-pause = { $taken_out ->
    [yes] pausa del { $start } a { $end }, descontada
    [closed] cierre del { $start } a { $end }, descontado: la reapertura sigue con la misma promesa
    [from_the_start] pausa del { $start } a { $end }, descontada desde que empezó a contar el plazo
   *[no] pausa del { $start } a { $end }, no descontada: esta obligación no se pausa
 }
explain-excused-time = descontado, ni a favor ni en contra de nadie: { $excused }
explain-excused-span = { $counts ->
    [yes] eximido del { $start } al { $end } por { $by }: { $reason } (evento { $event }, { $said })
   *[no] no eximido del { $start } al { $end }, anunciado demasiado tarde, por { $by }: { $reason } (evento { $event }, { $said })
 }
explain-counted-periods = { $outcome ->
    [kept] estaba al inicio y se conservó
    [won] nuevo, cuenta desde el siguiente
    [excused] perdido y eximido, se descuenta
   *[lost] estaba al inicio y se perdió
 }: { $count ->
    [one] { $interval ->
        [day] el día { $first }
        [week] la semana desde el { $first }
        [quarter] el trimestre desde el { $first }
        [year] el año desde el { $first }
       *[month] el mes desde el { $first }
     }
   *[other] { $interval ->
        [day] { $count } días
        [week] { $count } semanas
        [quarter] { $count } trimestres
        [year] { $count } años
       *[month] { $count } meses
     }, el primero desde el { $first } y el último desde el { $last }
 }
explain-now = ahora
explain-attempt = intento el { $at }, { $channel } de { $who }, evento { $event }: { $counts }
explain-counts = cuenta
explain-counts-in-part = cuenta por { $counted }
explain-flagged = { $said }; señalado: { $flags }
explain-does-not-count = no cuenta: { $why }
explain-published = publicado: { $kind ->
    [warning] aviso
    [reassignment_due] toca reasignar, lo tiene { $who }
    [resolved] resuelto
   *[breached] incumplido
 } ({ $tier }), { $at }

## Negocios y entregables

explain-remedy = remedio por { $period }{ $owner ->
    [none] {""}
   *[other] {" "}de { $owner }
 }, llevado a cabo el { $at } por { $by }
explain-deal = negocio { $deal }
explain-deal-outcome = { $outcome ->
    [won] ganado el { $at }, { $amount } { $currency }
   *[lost] perdido el { $at }, { $amount } { $currency }
 }
explain-deal-event = último evento recibido { $event }
explain-deal-count = { $marketings ->
    [yes] { $agreement }, { $obligation }{ $segment }: ingresos de los leads de marketing
   *[no] { $agreement }, { $obligation }{ $segment }: otros ingresos
 }
explain-deal-converts = convierte el lead
explain-moved = según la programación, el { $day }, día cerrado
explain-confirmed = confirmado { $quantity } de { $wanted }
explain-recipient = para { $to }: { $quantity } de { $wanted }
explain-confirmation = confirmación el { $at }, { $said }, evento { $event }: { $counts }
explain-by = por { $by }
explain-to = para { $to }

## Estados

status-met = cumplido
status-breached = incumplido
status-open = abierto
status-closed = cerrado
status-excused = eximido
status-connected = contactado
status-delivered = entregado
status-counted-before = ya contado
status-continued = continuado
status-unready = no listo
